import { FileError, toFileError } from "../file-system.ts";
import type { FileEntry, FileSystem, FileWriter, WriteOptions } from "../file-system.ts";
import { isWithin, joinPath } from "../paths.ts";

/**
 * A file system that refuses with `EDQUOT` (552) what would make all files together larger than so many bytes; an
 * upload over an existing file needs room for both until it is complete. Files are counted when something is written
 * for the first time, and again before anything is refused, so that what others remove from a folder on disk counts.
 */
export function quotaFiles(files: FileSystem, quotaBytes: number): FileSystem {
  const ledger = new Ledger(files, quotaBytes);
  return {
    list: (path) => files.list(path),
    stat: (path) => files.stat(path),
    read: (path, range) => files.read(path, range),
    write: async (path, options = {}) => {
      await ledger.begin();
      return ledger.watch(path, await files.write(path, options), options);
    },
    append: async (path) => {
      await ledger.begin();
      const start = await ledger.sizeOf(path);
      return ledger.watch(path, await files.append(path), { start });
    },
    rename: async (from, to) => {
      await files.rename(from, to);
      ledger.rename(from, to);
    },
    remove: async (path, type) => {
      await files.remove(path, type);
      ledger.set(path, 0);
    },
    makeDirectory: (path) => files.makeDirectory(path),
    setModified: (path, modifiedMs) => files.setModified(path, modifiedMs),
    ...(files.setMode && { setMode: (path: string, mode: number) => files.setMode?.(path, mode) }),
    freeBytes: async () => {
      await ledger.begin();
      return Math.min(ledger.freeBytes, (await files.freeBytes?.()) ?? Infinity);
    },
    close: () => files.close?.(),
  };
}

/** What every file takes, and what uploads under way have added to that. */
class Ledger {
  readonly #files: FileSystem;
  readonly #quotaBytes: number;
  /** Bytes of complete files, by path; those of none are left out. */
  #sizes: Map<string, number> | undefined;
  #usedBytes = 0;
  #growingBytes = 0;
  /** Uploads under way, by path. */
  readonly #open = new Map<string, number>();

  constructor(files: FileSystem, quotaBytes: number) {
    this.#files = files;
    this.#quotaBytes = quotaBytes;
  }

  get freeBytes(): number {
    return Math.max(0, this.#quotaBytes - this.#usedBytes - this.#growingBytes);
  }

  /** Count what there is, once. */
  async begin(): Promise<void> {
    if (this.#sizes === undefined) await this.#count();
  }

  async #count(): Promise<void> {
    const sizes = new Map<string, number>();
    for await (const [path, size] of sizesBelow(this.#files, "/", new Set())) sizes.set(path, size);
    // Of a file that is being written, what it was before counts, and what has grown.
    for (const path of this.#open.keys()) {
      const before = this.#sizes?.get(path);
      if (before === undefined) sizes.delete(path);
      else sizes.set(path, before);
    }
    this.#sizes = sizes;
    this.#usedBytes = sizes.values().reduce((sum, size) => sum + size, 0);
  }

  set(path: string, size: number): void {
    if (this.#sizes === undefined) return;
    this.#usedBytes += size - (this.#sizes.get(path) ?? 0);
    if (size === 0) this.#sizes.delete(path);
    else this.#sizes.set(path, size);
  }

  rename(from: string, to: string): void {
    if (this.#sizes === undefined || from === to) return;
    for (const [path, size] of this.#sizes) {
      if (!isWithin(path, from)) continue;
      this.set(path, 0);
      this.set(to + path.slice(from.length), size);
    }
  }

  async sizeOf(path: string): Promise<number> {
    try {
      return (await this.#files.stat(path)).size;
    } catch (error) {
      if (toFileError(error, path).code === "ENOENT") return 0;
      throw error;
    }
  }

  /** The same writer, refused when it writes too much. */
  watch(path: string, writer: FileWriter, { start }: WriteOptions): FileWriter {
    let position = start ?? 0;
    // What is patched or appended to is counted already; a replacement stands beside what it replaces.
    let end = start === undefined ? 0 : (this.#sizes?.get(path) ?? 0);
    let grownBytes = 0;
    this.#open.set(path, (this.#open.get(path) ?? 0) + 1);
    const settle = async (): Promise<void> => {
      const others = (this.#open.get(path) ?? 1) - 1;
      if (others === 0) this.#open.delete(path);
      else this.#open.set(path, others);
      this.#growingBytes -= grownBytes;
      grownBytes = 0;
      this.set(path, await this.sizeOf(path));
    };
    return {
      write: async (bytes) => {
        const growth = Math.max(0, position + bytes.length - end);
        if (growth > this.freeBytes) await this.#count();
        if (growth > this.freeBytes) throw new FileError("EDQUOT", path);
        position += bytes.length;
        end += growth;
        grownBytes += growth;
        this.#growingBytes += growth;
        await writer.write(bytes);
      },
      finish: async () => {
        await writer.finish();
        await settle();
      },
      abort: async () => {
        try {
          await writer.abort();
        } finally {
          await settle();
        }
      },
    };
  }
}

/** @param seen what was counted: a link may lead to a folder above, or to a file that has another name */
async function* sizesBelow(
  files: FileSystem,
  folder: string,
  seen: Set<string>,
): AsyncIterableIterator<[string, number]> {
  for await (const entry of await entriesOf(files, folder)) {
    if (seen.has(entry.unique)) continue;
    seen.add(entry.unique);
    const path = joinPath(folder, entry.name);
    if (entry.type === "folder") yield* sizesBelow(files, path, seen);
    else if (entry.size > 0) yield [path, entry.size];
  }
}

/** A folder that was removed meanwhile, or that may not be looked into, counts as an empty one. */
async function entriesOf(
  files: FileSystem,
  folder: string,
): Promise<Iterable<FileEntry> | AsyncIterable<FileEntry>> {
  try {
    return await files.list(folder);
  } catch {
    return [];
  }
}
