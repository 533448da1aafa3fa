import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startStore } from "../../../../servers/store/index.ts";
import { answerBench } from "../../child.ts";

/* Our store: in memory, or with a file in a folder that is gone with it. Asked anything, it says how long a start takes. */

const folder = process.argv[2] === "file" ? mkdtempSync(join(tmpdir(), "portside-bench-")) : undefined;
if (folder !== undefined) process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
const store = await startStore(folder === undefined ? {} : { folder, fsync: "everysec" });

answerBench({ port: store.port }, async () => {
  const begin = performance.now();
  const another = await startStore();
  const milliseconds = performance.now() - begin;
  await another.close();
  return { milliseconds };
});
