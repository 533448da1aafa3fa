import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import { WireError } from "../../wire/errors.ts";

/**
 * The append-only file is a folder of files, as in Redis 7: a base that was written at once, and files with what
 * changed since. The manifest names them in order; it is replaced as a whole, so at every moment there is one that is
 * true.
 */
export interface Manifest {
  readonly base: string | undefined;
  readonly increments: readonly string[];
}

export const folderName = "appendonlydir";
const name = "appendonly.aof";
const manifestName = `${name}.manifest`;

export function baseName(sequence: number): string {
  return `${name}.${sequence}.base.aof`;
}

export function incrementName(sequence: number): string {
  return `${name}.${sequence}.incr.aof`;
}

/** The number in a name; 0 for none. */
export function sequenceOf(file: string | undefined): number {
  return Number(/\.(\d+)\.(?:base|incr)\.\w+$/.exec(file ?? "")?.[1] ?? 0);
}

/** @throws WireError PROTOCOL_VIOLATION for a file that is none */
export function readManifest(folder: string): Manifest {
  const path = join(folder, manifestName);
  if (!existsSync(path)) return { base: undefined, increments: [] };
  let base: string | undefined;
  const increments: string[] = [];
  for (const line of readFileSync(path, "latin1").split("\n")) {
    if (line === "" || line.startsWith("#")) continue;
    const match = /^file (?<file>[^/\s]+) seq \d+ type (?<type>[bhi])$/.exec(line.trimEnd());
    if (!match?.groups)
      throw new WireError(
        "PROTOCOL_VIOLATION",
        `${path}: expected "file … seq … type …", got "${line.slice(0, 80)}"`,
      );
    const { file, type } = match.groups;
    if (type === "b") base = file;
    // A history file is one that was replaced, and not removed before the end came.
    else if (type === "i") increments.push(file!);
  }
  return { base, increments };
}

/** Replace the manifest as a whole. */
export function writeManifest(folder: string, { base, increments }: Manifest): void {
  const lines = increments.map((file) => `file ${file} seq ${sequenceOf(file)} type i\n`);
  if (base !== undefined) lines.unshift(`file ${base} seq ${sequenceOf(base)} type b\n`);
  const temporary = join(folder, `temp-${manifestName}`);
  const fd = openSync(temporary, "w");
  try {
    writeSync(fd, lines.join(""));
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(temporary, join(folder, manifestName));
  syncFolder(folder);
}

/** A new name is on the disk when its folder is. */
export function syncFolder(folder: string): void {
  const fd = openSync(folder, "r");
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
