import { readFile } from "node:fs/promises";
import { CommandError } from "./flags.ts";

/**
 * Read a file that a flag names.
 * @throws CommandError that names the flag and the file
 */
export async function readNamedFile(file: string, flag: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "there is no such file" : `it cannot be read (${code ?? String(error)})`;
    throw new CommandError(`${flag} is "${file}", but ${why}; give the name of a file that can be read`);
  }
}
