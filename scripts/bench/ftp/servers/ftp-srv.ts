import { startFtp } from "../../../../servers/ftp/index.ts";
import { answerBench } from "../../child.ts";

/* The library ftp-srv, over the same folder. */

const ftp = await startFtp({ engine: "ftp-srv", root: process.argv[2] ?? "." });

answerBench({ port: ftp.port }, () => ({}));
