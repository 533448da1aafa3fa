import { readFile } from "node:fs/promises";
import type { Complexity } from "./complexity.ts";

/** A file whose lines were counted. */
export interface Source {
  readonly file: string;
  readonly text: string;
}

/**
 * The files whose lines were counted, each once, in the order of the table. A page that is sent to somebody, or opened
 * from a disk without network, has them in itself, because no address of them would hold there.
 */
export async function sourcesOf(complexities: readonly Complexity[]): Promise<Source[]> {
  const files = complexities.flatMap(({ bare, portside }) => [...bare.files, ...(portside?.files ?? [])]);
  return await Promise.all(
    [...new Set(files)].map(async (file) => ({
      file,
      text: await readFile(new URL(`../../${file}`, import.meta.url), "utf8"),
    })),
  );
}
