import { startWeb } from "../../../../servers/web/index.ts";
import { answerBench } from "../../child.ts";

/* The first server of a process, and the second. */

const begin = performance.now();
const web = await startWeb();
const first = performance.now() - begin;
await web.close();
const again = performance.now();
await startWeb();
const later = performance.now() - again;
answerBench({}, () => ({ first, later }));
