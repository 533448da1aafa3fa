import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { memoryFiles, startFtp } from "../../../../servers/ftp/index.ts";
import { answerBench } from "../../child.ts";

/* Our server over a folder, or over the same files in memory. */

const [root = ".", kind] = process.argv.slice(2);
const files = kind === "memory" ? await inMemory() : undefined;
const ftp = await startFtp({ ...(files ? { files } : { root }), maxTranscriptEntries: 1_000 });

answerBench({ port: ftp.port }, () => ({}));

async function inMemory(): Promise<ReturnType<typeof memoryFiles>> {
  const files = memoryFiles();
  for (const name of readdirSync(root, { recursive: true, encoding: "utf8" })) {
    try {
      const content = readFileSync(join(root, name));
      const writer = await files.write(`/${name}`);
      await writer.write(content);
      await writer.finish();
    } catch {
      await files.makeDirectory(`/${name}`);
    }
  }
  return files;
}
