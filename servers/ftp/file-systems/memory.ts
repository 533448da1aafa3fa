import { FileError } from "../file-system.ts";
import type {
  ByteRange,
  FileEntry,
  FileReader,
  FileSystem,
  FileWriter,
  WriteOptions,
} from "../file-system.ts";
import { isWithin, nameOf, namesOf, parentOf } from "../paths.ts";
import { Pages } from "./pages.ts";

export interface MemoryOptions {
  /** Bytes that all files together may take; a write over it fails with `EDQUOT` (552). @default Infinity */
  readonly quotaBytes?: number;
  /** The clock of new files, in milliseconds. @default Date.now */
  readonly now?: () => number;
}

/**
 * Files that live in this process and end with it. Nothing is copied on the way out, holes take no memory, and a folder
 * of 100,000 files is listed from a list that is kept in order.
 */
export function memoryFiles(options: MemoryOptions = {}): FileSystem {
  return new MemoryFiles(options);
}

interface MemoryFile {
  readonly type: "file";
  readonly id: number;
  pages: Pages;
  mode: number;
  modifiedMs: number;
  /** Removed or replaced: whoever still writes to it takes no quota. */
  isGone: boolean;
}

interface MemoryFolder {
  readonly type: "folder";
  readonly id: number;
  readonly children: Map<string, MemoryNode>;
  /** The names in order, until one comes or goes. */
  ordered: readonly string[] | undefined;
  mode: number;
  modifiedMs: number;
}

type MemoryNode = MemoryFile | MemoryFolder;

class MemoryFiles implements FileSystem {
  readonly #now: () => number;
  readonly #quotaBytes: number;
  readonly #root: MemoryFolder;
  #usedBytes = 0;
  #lastId = 0;

  constructor({ quotaBytes = Infinity, now = Date.now }: MemoryOptions) {
    this.#now = now;
    this.#quotaBytes = quotaBytes;
    this.#root = this.#newFolder();
  }

  list(path: string): Iterable<FileEntry> {
    const folder = this.#folder(path);
    folder.ordered ??= [...folder.children.keys()].sort();
    return entriesOf(folder, folder.ordered);
  }

  stat(path: string): FileEntry {
    return entryOf(nameOf(path), this.#node(path));
  }

  read(path: string, { start = 0, end = Infinity }: ByteRange = {}): FileReader {
    const file = this.#node(path);
    if (file.type === "folder") throw new FileError("EISDIR", path);
    const { pages } = file;
    let position = start;
    return {
      size: pages.size,
      next: () => {
        const bytes = pages.read(position, end);
        position += bytes?.length ?? 0;
        return bytes;
      },
      close: () => undefined,
    };
  }

  write(path: string, { start, isNew = false }: WriteOptions = {}): FileWriter {
    const existing = this.#fileToWrite(path);
    if (existing !== undefined && isNew) throw new FileError("EEXIST", path);
    if (existing === undefined) return this.#writer(path, this.#addFile(path), start ?? 0, "is new");
    if (start !== undefined) return this.#writer(path, existing, start, "stays");
    // Readers of the old content keep it, and so does everybody if the upload breaks off.
    const replacement: MemoryFile = { ...existing, pages: new Pages() };
    return this.#writer(path, replacement, 0, "replaces");
  }

  append(path: string): FileWriter {
    const existing = this.#fileToWrite(path);
    const file = existing ?? this.#addFile(path);
    return this.#writer(path, file, file.pages.size, existing === undefined ? "is new" : "stays");
  }

  rename(from: string, to: string): void {
    const node = this.#node(from);
    if (from === "/" || to === "/" || (to !== from && isWithin(to, from))) throw new FileError("EINVAL", to);
    const target = this.#find(to);
    if (target === node) return;
    if (target?.type === "folder" || (target && node.type === "folder")) throw new FileError("EEXIST", to);
    const parent = this.#folder(parentOf(to));
    if (target !== undefined) this.#release(target);
    this.#unlink(from);
    this.#link(parent, nameOf(to), node);
  }

  remove(path: string, type: "file" | "folder"): void {
    const node = this.#node(path);
    if (type === "file") {
      if (node.type === "folder") throw new FileError("EISDIR", path);
      this.#release(node);
    } else {
      if (node.type === "file") throw new FileError("ENOTDIR", path);
      if (node.children.size > 0) throw new FileError("ENOTEMPTY", path);
      if (path === "/") throw new FileError("EACCES", path);
    }
    this.#unlink(path);
  }

  makeDirectory(path: string): void {
    if (this.#find(path) !== undefined) throw new FileError("EEXIST", path);
    this.#link(this.#folder(parentOf(path)), nameOf(path), this.#newFolder());
  }

  setModified(path: string, modifiedMs: number): void {
    this.#node(path).modifiedMs = modifiedMs;
  }

  setMode(path: string, mode: number): void {
    this.#node(path).mode = mode;
  }

  freeBytes(): number {
    return Math.max(0, this.#quotaBytes - this.#usedBytes);
  }

  #find(path: string): MemoryNode | undefined {
    let node: MemoryNode | undefined = this.#root;
    for (const name of namesOf(path)) {
      if (node?.type !== "folder") return undefined;
      node = node.children.get(name);
    }
    return node;
  }

  #node(path: string): MemoryNode {
    const node = this.#find(path);
    if (node === undefined) throw new FileError("ENOENT", path);
    return node;
  }

  #folder(path: string): MemoryFolder {
    const node = this.#node(path);
    if (node.type !== "folder") throw new FileError("ENOTDIR", path);
    return node;
  }

  #fileToWrite(path: string): MemoryFile | undefined {
    const node = this.#find(path);
    if (node?.type === "folder") throw new FileError("EISDIR", path);
    return node;
  }

  #newFolder(): MemoryFolder {
    this.#lastId += 1;
    const children = new Map<string, MemoryNode>();
    return { type: "folder", id: this.#lastId, children, ordered: [], mode: 0o755, modifiedMs: this.#now() };
  }

  #addFile(path: string): MemoryFile {
    const parent = this.#folder(parentOf(path));
    this.#lastId += 1;
    const modifiedMs = this.#now();
    const file: MemoryFile = {
      type: "file",
      id: this.#lastId,
      pages: new Pages(),
      mode: 0o644,
      modifiedMs,
      isGone: false,
    };
    this.#link(parent, nameOf(path), file);
    return file;
  }

  #link(parent: MemoryFolder, name: string, node: MemoryNode): void {
    if (!parent.children.has(name)) parent.ordered = undefined;
    parent.children.set(name, node);
    parent.modifiedMs = this.#now();
  }

  #unlink(path: string): void {
    const parent = this.#folder(parentOf(path));
    parent.children.delete(nameOf(path));
    parent.ordered = undefined;
    parent.modifiedMs = this.#now();
  }

  #release(file: MemoryFile): void {
    file.isGone = true;
    this.#usedBytes -= file.pages.size;
  }

  #replace(path: string, replacement: MemoryFile): void {
    // Somebody may have removed or renamed the old one during the upload: then this is a new file of that name.
    const existing = this.#fileToWrite(path);
    if (existing !== undefined) this.#release(existing);
    this.#link(this.#folder(parentOf(path)), nameOf(path), replacement);
  }

  #write(path: string, file: MemoryFile, position: number, bytes: Uint8Array): void {
    const growth = Math.max(0, position + bytes.length - file.pages.size);
    if (!file.isGone) {
      if (this.#usedBytes + growth > this.#quotaBytes) throw new FileError("EDQUOT", path);
      this.#usedBytes += growth;
    }
    file.pages.write(position, bytes);
    file.modifiedMs = this.#now();
  }

  #writer(path: string, file: MemoryFile, start: number, ending: Ending): FileWriter {
    let position = start;
    return {
      write: (bytes) => {
        this.#write(path, file, position, bytes);
        position += bytes.length;
      },
      finish: () => {
        file.modifiedMs = this.#now();
        if (ending === "replaces") this.#replace(path, file);
      },
      abort: () => {
        if (ending === "replaces") this.#release(file);
        if (ending === "is new" && file.pages.size === 0 && this.#find(path) === file) this.#unlink(path);
      },
    };
  }
}

/** What the end of an upload does with its file. */
type Ending = "replaces" | "is new" | "stays";

function* entriesOf(folder: MemoryFolder, names: readonly string[]): Iterable<FileEntry> {
  for (const name of names) {
    const node = folder.children.get(name);
    if (node !== undefined) yield entryOf(name, node);
  }
}

function entryOf(name: string, node: MemoryNode): FileEntry {
  const { type, mode, modifiedMs } = node;
  const size = node.type === "file" ? node.pages.size : 0;
  return { name, type, size, modifiedMs, mode, unique: `m${node.id.toString(36)}` };
}
