import { writeSync } from "node:fs";
import { startSmtp } from "../../servers/smtp/index.ts";

/** A mail server in a process of its own, to be killed: its file is the first argument; it says its URL on stdout. */
const smtp = await startSmtp({ database: process.argv[2] ?? "" });
writeSync(1, `${smtp.url}\n`);
