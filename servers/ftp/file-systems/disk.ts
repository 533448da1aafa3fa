import {
  closeSync,
  constants,
  fchmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
} from "node:fs";
import { lutimesSync, openSync, statfsSync, statSync, unlinkSync } from "node:fs";
import type { Stats } from "node:fs";
import { FileError, toFileError } from "../file-system.ts";
import type {
  ByteRange,
  FileEntry,
  FileReader,
  FileSystem,
  FileWriter,
  WriteOptions,
} from "../file-system.ts";
import { isWithin, joinPath, nameOf, parentOf } from "../paths.ts";
import { jailAt } from "./disk-jail.ts";
import type { Jail } from "./disk-jail.ts";
import { diskReader } from "./disk-reader.ts";
import { diskWriter } from "./disk-writer.ts";
import type { Ending } from "./disk-writer.ts";

export interface DiskOptions {
  /** Keep an upload under a temporary name until it is complete: nobody ever sees half a file. @default false */
  readonly isAtomic?: boolean;
  /** Serve files that have a second name, which may lie outside of the root. @default false */
  readonly allowsHardLinks?: boolean;
}

/** How the temporary names of uploads begin; they are neither listed nor served. */
const temporaryPrefix = ".portside-upload-";

/**
 * Files of a folder on disk. Links that leave the folder, FIFOs and devices are refused, checked on what was opened and
 * not only on the name. An upload over an existing file replaces it when it is complete, and leaves it alone otherwise.
 * @throws FileError ENOENT, ENOTDIR when the folder is none
 */
export function diskFiles(root: string, options: DiskOptions = {}): FileSystem {
  try {
    if (!statSync(root).isDirectory()) throw new FileError("ENOTDIR", root);
    return new DiskFiles(jailAt(root, options.allowsHardLinks ?? false), options.isAtomic ?? false);
  } catch (error) {
    throw toFileError(error, root);
  }
}

class DiskFiles implements FileSystem {
  readonly #jail: Jail;
  readonly #isAtomic: boolean;
  #uploads = 0;

  constructor(jail: Jail, isAtomic: boolean) {
    this.#jail = jail;
    this.#isAtomic = isAtomic;
  }

  list(path: string): Iterable<FileEntry> {
    const names = attempt(path, () => this.#jail.folder(path, (folder) => readdirSync(folder)));
    return this.#entries(path, names.filter((name) => !name.startsWith(temporaryPrefix)).sort());
  }

  /** Entries are looked at in portions, each through a folder opened and checked anew: nothing stays open in between. */
  *#entries(path: string, names: readonly string[]): Iterable<FileEntry> {
    const portion = 256;
    for (let start = 0; start < names.length; start += portion) {
      const part = names.slice(start, start + portion);
      yield* attempt(path, () => this.#jail.look(path, (folder) => this.#entriesIn(folder, path, part)));
    }
  }

  #entriesIn(folder: string, path: string, names: readonly string[]): FileEntry[] {
    const entries: FileEntry[] = [];
    for (const name of names) {
      const stats = lstatSync(`${folder}/${name}`, { throwIfNoEntry: false });
      // Removed since the folder was read.
      if (stats === undefined) continue;
      entries.push(
        stats.isSymbolicLink() ? this.#linkEntry(joinPath(path, name), stats) : entryOf(name, stats),
      );
    }
    return entries;
  }

  /** A link shows as what it points to when that may be seen, and as a link otherwise. */
  #linkEntry(path: string, link: Stats): FileEntry {
    try {
      return this.stat(path);
    } catch {
      return entryOf(nameOf(path), link);
    }
  }

  stat(path: string): FileEntry {
    return attempt(path, () =>
      this.#jail.through(path, (_hostPath, stats) => {
        if (stats === undefined) throw new FileError("ENOENT", path);
        return entryOf(nameOf(path), stats);
      }),
    );
  }

  read(path: string, { start = 0, end = Infinity }: ByteRange = {}): FileReader {
    refuseTemporary(path);
    return attempt(path, () => {
      const { descriptor, stats } = this.#jail.open(path, constants.O_RDONLY);
      return diskReader(descriptor, path, stats.size, start, end);
    });
  }

  write(path: string, { start, isNew = false }: WriteOptions = {}): FileWriter {
    refuseTemporary(path);
    return attempt(path, () => {
      const created = this.#isAtomic ? undefined : this.#create(path);
      if (created !== undefined) {
        return diskWriter(created, path, start ?? 0, { discardWhenEmpty: () => this.#unlink(path) });
      }
      const existing = this.#fileToWrite(path);
      if (existing !== undefined && isNew) throw new FileError("EEXIST", path);
      if (existing === undefined || start === undefined) return this.#replacing(path, existing, start ?? 0);
      return diskWriter(this.#jail.open(path, constants.O_WRONLY).descriptor, path, start, {});
    });
  }

  append(path: string): FileWriter {
    refuseTemporary(path);
    return attempt(path, () => {
      const existing = this.#fileToWrite(path);
      if (existing === undefined) return this.write(path);
      const { descriptor, stats } = this.#jail.open(path, constants.O_WRONLY);
      return diskWriter(descriptor, path, stats.size, {});
    });
  }

  /** A new file, if the name is free: nobody else can have a hand in one that is created exclusively. */
  #create(path: string): number | undefined {
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
    try {
      return this.#jail.inside(path, (hostPath) => openSync(hostPath, flags, 0o666));
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "EEXIST") return undefined;
      throw error;
    }
  }

  /** A file under a temporary name that takes the final one when it is complete. */
  #replacing(path: string, existing: Stats | undefined, start: number): FileWriter {
    // Through a link: what is replaced is the file behind it.
    this.#uploads += 1;
    const name = `${temporaryPrefix}${process.pid}-${this.#uploads}-${Math.random().toString(36).slice(2, 10)}`;
    const temporary = joinPath(parentOf(path), name);
    const descriptor = this.#create(temporary);
    if (descriptor === undefined) throw new FileError("EEXIST", path);
    const ending: Ending = {
      mode: existing?.mode,
      complete: () => this.#move(temporary, path, true),
      discard: () => this.#unlink(temporary),
    };
    return diskWriter(descriptor, path, start, ending);
  }

  /** The plain file that a write would replace; checked by opening it for writing, which changes nothing. */
  #fileToWrite(path: string): Stats | undefined {
    const exists = this.#jail.inside(path, (hostPath) => lstatSync(hostPath, { throwIfNoEntry: false }));
    if (exists === undefined) return undefined;
    if (exists.isDirectory()) throw new FileError("EISDIR", path);
    const { descriptor, stats } = this.#jail.open(path, constants.O_WRONLY);
    closeSync(descriptor);
    return stats;
  }

  #unlink(path: string): void {
    attempt(path, () => this.#jail.inside(path, (hostPath) => unlinkSync(hostPath)));
  }

  rename(from: string, to: string): void {
    refuseTemporary(to);
    if (from === "/" || to === "/" || (to !== from && isWithin(to, from))) throw new FileError("EINVAL", to);
    attempt(from, () => {
      const source = this.#jail.inside(from, (hostPath) => lstatSync(hostPath));
      const target = this.#jail.inside(to, (hostPath) => lstatSync(hostPath, { throwIfNoEntry: false }));
      const isFolder = source.isDirectory() || target?.isDirectory() === true;
      if (target !== undefined && isFolder && from !== to) throw new FileError("EEXIST", to);
      this.#move(from, to, false);
    });
  }

  #move(from: string, to: string, follow: boolean): void {
    this.#jail.inside(from, (source) =>
      follow
        ? this.#jail.through(to, (target) => renameSync(source, target))
        : this.#jail.inside(to, (target) => renameSync(source, target)),
    );
  }

  remove(path: string, type: "file" | "folder"): void {
    if (path === "/") throw new FileError("EACCES", path);
    attempt(path, () =>
      this.#jail.inside(path, (hostPath) => {
        const isFolder = lstatSync(hostPath).isDirectory();
        if (type === "file") {
          if (isFolder) throw new FileError("EISDIR", path);
          unlinkSync(hostPath);
        } else {
          if (!isFolder) throw new FileError("ENOTDIR", path);
          rmdirSync(hostPath);
        }
      }),
    );
  }

  makeDirectory(path: string): void {
    if (path === "/") throw new FileError("EEXIST", path);
    attempt(path, () => this.#jail.inside(path, (hostPath) => mkdirSync(hostPath)));
  }

  setModified(path: string, modifiedMs: number): void {
    const seconds = modifiedMs / 1000;
    attempt(path, () => this.#jail.through(path, (hostPath) => lutimesSync(hostPath, seconds, seconds)));
  }

  setMode(path: string, mode: number): void {
    attempt(path, () =>
      this.#jail.through(path, (hostPath) => {
        // Through a descriptor: a link put in its place meanwhile is not followed.
        const descriptor = openSync(
          hostPath,
          constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
        );
        try {
          fchmodSync(descriptor, mode & 0o777);
        } finally {
          closeSync(descriptor);
        }
      }),
    );
  }

  close(): void {
    this.#jail.close();
  }

  freeBytes(): number {
    return attempt("/", () =>
      this.#jail.folder("/", (root) => {
        const { bavail, bsize } = statfsSync(root);
        return bavail * bsize;
      }),
    );
  }
}

/** Run it; whatever fails says so with the virtual path. */
function attempt<Result>(path: string, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    throw toFileError(error, path);
  }
}

function refuseTemporary(path: string): void {
  if (nameOf(path).startsWith(temporaryPrefix)) throw new FileError("EACCES", path);
}

function entryOf(name: string, stats: Stats): FileEntry {
  const type = typeOf(stats);
  return {
    name,
    type,
    size: type === "file" ? stats.size : 0,
    modifiedMs: stats.mtimeMs,
    mode: stats.mode & 0o777,
    unique: `${stats.dev.toString(16)}g${stats.ino.toString(16)}`,
  };
}

function typeOf(stats: Stats): FileEntry["type"] {
  if (stats.isFile()) return "file";
  if (stats.isDirectory()) return "folder";
  return stats.isSymbolicLink() ? "link" : "other";
}
