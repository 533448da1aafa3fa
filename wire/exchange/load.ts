import { readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { bounds } from "./bounds.ts";
import { checkFileName } from "./byte-kinds.ts";
import { byteString, bytesOf } from "./byte-string.ts";
import type { ReadFile } from "./expectation.ts";
import { tryParse } from "./parse.ts";
import { ScriptError } from "./problem.ts";
import type { Problem } from "./problem.ts";
import type { Attachment, Item, Script } from "./script.ts";

/** A script ready to be performed: its includes are in it, and its files can be read. */
export interface Loaded {
  readonly script: Script;
  readonly read: ReadFile;
}

/**
 * Reads a script and everything that it includes. Nothing outside the script's folder is read, also not through a
 * symbolic link.
 * @param path of the file
 * @param shown how the file is called in messages; its path by default
 * @throws {ScriptError} with every problem of every file
 */
export function loadScript(path: string, shown = path): Loaded {
  const folder = realpathSync(dirname(resolve(path)));
  return prepare(readFileSync(path, "utf8"), shown, folder);
}

/** A script from its text; without a folder it can include and attach nothing but what is in it. */
export function prepare(text: string, file: string, folder?: string): Loaded {
  const problems: Problem[] = [];
  const attachments: Attachment[] = [];
  const items = read(text, file, []);
  if (problems.length > 0) throw new ScriptError(problems);
  const script: Script = { file, items, attachments };
  return { script, read: fileReader(script, folder) };

  function read(source: string, name: string, includedFrom: readonly string[]): Item[] {
    const parsed = tryParse(source, name);
    for (const problem of parsed.problems) {
      problems.push(includedFrom.length === 0 ? problem : { ...problem, includedFrom });
    }
    attachments.push(...parsed.script.attachments);
    return resolveIncludes(parsed.script.items, source, name, includedFrom);
  }

  function resolveIncludes(
    items: readonly Item[],
    source: string,
    name: string,
    includedFrom: readonly string[],
  ): Item[] {
    return items.flatMap((item): Item[] => {
      if (item.type === "block") {
        const branches = item.branches.map((branch) => resolveIncludes(branch, source, name, includedFrom));
        return [{ ...item, branches }];
      }
      if (item.type !== "direction" || item.act.does !== "include") return [item];
      const { path } = item.act;
      const from = [...includedFrom, `${name}:${item.at.line}`];
      try {
        if (folder === undefined) throw new TypeError("a script without a file has nothing to include");
        if (from.length > bounds.includeDepth) throw new TypeError("includes are nested too deeply");
        const shown = join(dirname(file), checkFileName(path));
        if (from.some((place) => place.startsWith(`${shown}:`)))
          throw new TypeError(`'${path}' includes itself`);
        // Its headers are those of a script of its own; here only what happens counts.
        const inner = read(readInside(folder, path).toString("utf8"), shown, from);
        return inner.filter((one) => one.type !== "header");
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        const line = source.split("\n")[item.at.line - 1] ?? "";
        const column = line.indexOf(path) + 1;
        problems.push({
          file: name,
          line: item.at.line,
          column,
          width: path.length,
          message,
          source: line.trimEnd(),
          ...(includedFrom.length === 0 ? {} : { includedFrom }),
        });
        return [];
      }
    });
  }
}

/** Reads attachments, and when the script has a folder the files in it. */
function fileReader(script: Script, folder: string | undefined): ReadFile {
  const files = new Map(script.attachments.map(({ name, text }) => [name, bytesOf(text)]));
  return (name) => {
    const plain = checkFileName(name);
    const attached = files.get(plain);
    if (attached !== undefined) return attached;
    if (folder === undefined) throw new TypeError(`there is no attachment '${plain}'`);
    return byteString(readInside(folder, plain));
  };
}

function readInside(folder: string, name: string): Buffer {
  const path = join(folder, checkFileName(name));
  let real: string;
  try {
    real = realpathSync(path);
  } catch {
    throw new TypeError(`there is no file '${name}' beside the script`);
  }
  const inside = relative(folder, real);
  if (inside === ".." || inside.startsWith(`..${sep}`)) {
    throw new TypeError(`'${name}' leads out of the folder of the script`);
  }
  if (statSync(real).size > bounds.messageBytes)
    throw new TypeError(`'${name}' is over ${bounds.messageBytes} bytes`);
  return readFileSync(real);
}
