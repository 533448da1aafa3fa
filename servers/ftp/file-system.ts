/**
 * Where a file server keeps its files. Paths are virtual: absolute, `/` between names, already normalized (no `.`, `..`
 * or empty names), so a driver never resolves anything. Every method may answer at once or with a promise; answering at
 * once spares small files a turn of the event loop. A driver of your own (a bucket, a database) is about 100 lines.
 */

export type Awaitable<Value> = Value | Promise<Value>;

/** `link` = a symbolic link that may not be followed; `other` = a FIFO, a device, a socket. */
export type FileType = "file" | "folder" | "link" | "other";

/** What is known of a file or folder; the facts of RFC 3659 section 7.5. */
export interface FileEntry {
  /** The last part of the path; empty for the root. */
  readonly name: string;
  readonly type: FileType;
  /** Bytes; 0 for a folder. */
  readonly size: number;
  /** Milliseconds since the epoch, UTC. */
  readonly modifiedMs: number;
  /** The nine permission bits, `0o644`. */
  readonly mode: number;
  /** The same for two names of one file, different for two files; letters and digits. */
  readonly unique: string;
}

/** A file opened for reading. */
export interface FileReader {
  /** Bytes of the whole file when it was opened. */
  readonly size: number;
  /** The next bytes, `undefined` at the end. They stay valid until the next call. */
  next(): Awaitable<Uint8Array | undefined>;
  /** Needed once, also after the end and after an error. */
  close(): Awaitable<void>;
}

/** A file opened for writing: `write` … `finish`, or `abort` in place of the rest; also after a `write` or `finish` that failed. */
export interface FileWriter {
  /** Take these bytes, which belong to the writer from now on. A promise asks the caller to wait before the next. */
  write(bytes: Uint8Array): Awaitable<void>;
  /** The upload is complete: from now on everybody sees it. */
  finish(): Awaitable<void>;
  /**
   * The upload broke off. A file that was there before is as it was, unless it was patched or appended to; of a new
   * one, what came stays (so that the client can resume), or nothing, if the file system keeps only whole uploads.
   */
  abort(): Awaitable<void>;
}

/** Part of a file: `start` inclusive, `end` exclusive. */
export interface ByteRange {
  readonly start?: number;
  readonly end?: number;
}

export interface WriteOptions {
  /** Patch in place from this byte on, and keep what lies behind; without it the file is replaced. */
  readonly start?: number;
  /** Refuse with `EEXIST` when the name is taken. */
  readonly isNew?: boolean;
}

export interface FileSystem {
  /** What a folder holds, without itself, ordered by name. @throws FileError ENOENT, ENOTDIR, EACCES */
  list(path: string): Awaitable<Iterable<FileEntry> | AsyncIterable<FileEntry>>;
  /** @throws FileError ENOENT, EACCES */
  stat(path: string): Awaitable<FileEntry>;
  /** Open for reading; a start behind the end gives no bytes. @throws FileError ENOENT, EISDIR, EACCES */
  read(path: string, range?: ByteRange): Awaitable<FileReader>;
  /** Open for writing; nothing existing changes before the first byte. @throws FileError ENOENT, EISDIR, EEXIST, EACCES */
  write(path: string, options?: WriteOptions): Awaitable<FileWriter>;
  /** Open for writing at the end; makes the file when it is missing. @throws FileError ENOENT, EISDIR, EACCES */
  append(path: string): Awaitable<FileWriter>;
  /** Move a file, over another file if there is one, or a folder to a free name. @throws FileError ENOENT, EEXIST, EINVAL */
  rename(from: string, to: string): Awaitable<void>;
  /** Remove a file (or a link), or an empty folder. @throws FileError ENOENT, EISDIR, ENOTDIR, ENOTEMPTY */
  remove(path: string, type: "file" | "folder"): Awaitable<void>;
  /** @throws FileError EEXIST, ENOENT (no parent) */
  makeDirectory(path: string): Awaitable<void>;
  /** @throws FileError ENOENT */
  setModified(path: string, modifiedMs: number): Awaitable<void>;
  /** Optional: change the permission bits. */
  setMode?(path: string, mode: number): Awaitable<void>;
  /** Optional: bytes that still fit. */
  freeBytes?(): Awaitable<number>;
  /** Optional: let go of what is open. */
  close?(): Awaitable<void>;
}

/** Why a file system said no; the names are those of POSIX, so that an error of `node:fs` fits as it is. */
export const fileErrors = {
  EACCES: "permission denied",
  EDQUOT: "over the quota",
  EEXIST: "the name is taken",
  EINVAL: "not possible with this name",
  EIO: "reading or writing failed",
  EISDIR: "a folder",
  ENAMETOOLONG: "the name is too long",
  ENOENT: "no such file or folder",
  ENOSPC: "no space left",
  ENOTDIR: "not a folder",
  ENOTEMPTY: "the folder is not empty",
  EROFS: "read-only",
} as const;

export type FileErrorCode = keyof typeof fileErrors;

/** A refusal of a file system. The message names the virtual path, never one of the host. */
export class FileError extends Error {
  override readonly name = "FileError";
  readonly code: FileErrorCode;

  constructor(code: FileErrorCode, path: string, options?: ErrorOptions) {
    super(`${code} ${fileErrors[code]}: ${path}`, options);
    this.code = code;
  }
}

/** Any failure of a driver as a `FileError`: POSIX codes keep their meaning, everything else is `EIO`. */
export function toFileError(error: unknown, path: string): FileError {
  if (error instanceof FileError) return error;
  return new FileError(codeOf(error), path, { cause: error });
}

function codeOf(error: unknown): FileErrorCode {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code in fileErrors) return code as FileErrorCode;
  return synonyms[code] ?? "EIO";
}

const synonyms: Readonly<Record<string, FileErrorCode>> = {
  // A loop of links, a FIFO without a reader and a device: names that are not for clients.
  ELOOP: "EACCES",
  ENXIO: "EACCES",
  EPERM: "EACCES",
  EBUSY: "EACCES",
  EFBIG: "ENOSPC",
  EXDEV: "EINVAL",
  ERR_INVALID_ARG_VALUE: "EINVAL",
};

/** A reader over anything that can be iterated, for drivers whose bytes come as a stream. */
export function readerOf(bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, size: number): FileReader {
  const iterator = Symbol.asyncIterator in bytes ? bytes[Symbol.asyncIterator]() : bytes[Symbol.iterator]();
  return {
    size,
    next: async () => {
      const { done, value } = await iterator.next();
      return done === true ? undefined : value;
    },
    close: async () => {
      await iterator.return?.();
    },
  };
}
