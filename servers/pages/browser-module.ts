import { execFile } from "node:child_process";
import { readFile, stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/**
 * A module of `wire/` as a browser can load it: in the published package the compiled file, in the repository the source
 * without its types.
 * @param name without its ending, such as `utf8` or `pong/court`
 * @returns nothing when there is no such module
 */
export async function readBrowserModule(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const isCompiled = import.meta.url.endsWith(".js");
  const file = new URL(`../../wire/${name}.${isCompiled ? "js" : "ts"}`, import.meta.url);
  try {
    return new Uint8Array(isCompiled ? await readFile(file) : Buffer.from(await stripped(file)));
  } catch {
    return undefined;
  }
}

interface Stripped {
  readonly modifiedMs: number;
  readonly source: Promise<string>;
}

/** What was stripped before, by its address; anew when the file has changed. */
const known = new Map<string, Stripped>();

async function stripped(file: URL): Promise<string> {
  const { mtimeMs: modifiedMs } = await stat(file);
  let found = known.get(file.href);
  if (found?.modifiedMs !== modifiedMs) {
    found = { modifiedMs, source: strip(file) };
    known.set(file.href, found);
  }
  return await found.source;
}

/** In a process of its own: Node calls what it does itself all day an experiment, and says so on stderr. */
async function strip(file: URL): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    "--disable-warning=ExperimentalWarning",
    "--input-type=module",
    "--eval",
    `import { readFileSync } from "node:fs"; import { stripTypeScriptTypes } from "node:module";
     process.stdout.write(stripTypeScriptTypes(readFileSync(process.argv[1], "utf8")));`,
    fileURLToPath(file),
  ]);
  return stdout.replaceAll(/(\bfrom\s*["']\.\.?\/[^"']+)\.ts(["'])/g, "$1.js$2");
}
