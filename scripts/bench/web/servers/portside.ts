import { startWeb } from "../../../../servers/web/index.ts";
import { answerBench } from "../../child.ts";

/* Our server over a folder as a user gets it: with its log, its transcript, and a look at the file for every turn. */

const web = await startWeb({ root: process.argv[2] ?? "." });
answerBench({ port: web.port }, () => ({}));
