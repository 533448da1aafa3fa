import { existsSync } from "node:fs";
import { glob } from "node:fs/promises";
import { CommandError } from "../command-line/flags.ts";

/** The files that paths and patterns mean, each once, in the order of their names. */
export async function findFiles(patterns: readonly string[]): Promise<string[]> {
  const files = new Set<string>();
  for (const pattern of patterns) {
    if (existsSync(pattern)) {
      files.add(pattern);
      continue;
    }
    const found: string[] = [];
    for await (const file of glob(pattern)) found.push(file);
    if (found.length === 0) throw new CommandError(`there is no file '${pattern}'`);
    for (const file of found.sort()) files.add(file);
  }
  if (files.size === 0) throw new CommandError("name the files, such as test/exchanges/*.exchange");
  return [...files];
}
