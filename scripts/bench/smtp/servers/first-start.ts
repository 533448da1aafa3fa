import { startSmtp } from "../../../../servers/smtp/index.ts";
import { answerBench } from "../../child.ts";

/* The first server of a process: nothing is compiled, opened or cached before. */

const begin = performance.now();
await startSmtp();
const milliseconds = performance.now() - begin;
answerBench({}, () => ({ milliseconds }));
