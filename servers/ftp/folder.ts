import { FileError, toFileError } from "./file-system.ts";
import type { FileEntry, FileSystem } from "./file-system.ts";
import { subfolder } from "./file-systems/subfolder.ts";
import { joinPath, namesOf, parentOf, resolvePath } from "./paths.ts";

/** The files of a server in the hands of a test: whole contents in, whole contents out. Paths may begin with a slash or not. */
export interface Folder {
  /** The content of a file. @throws FileError ENOENT, EISDIR */
  read(path: string): Promise<Buffer>;
  /** The same as text in UTF-8. */
  text(path: string): Promise<string>;
  /** Write a file, with the folders on its way. */
  write(path: string, content: string | Uint8Array): Promise<void>;
  exists(path: string): Promise<boolean>;
  stat(path: string): Promise<FileEntry>;
  /** What a folder holds, in order. @throws FileError ENOENT, ENOTDIR */
  list(path?: string): Promise<FileEntry[]>;
  /** The paths of all files below, from here, in order; an empty folder ends with a slash. */
  tree(path?: string): Promise<string[]>;
  /** Make a folder, with those on its way; one that exists is fine. */
  makeDirectory(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** Remove a file, or a folder with everything in it. */
  remove(path: string): Promise<void>;
  /** The file system below, as the server sees it. */
  readonly fileSystem: FileSystem;
}

/** A file system as a `Folder`. */
export function folderOf(fileSystem: FileSystem): Folder {
  const at = (path: string): string => resolvePath("/", path);

  const list = async (path = "/"): Promise<FileEntry[]> => {
    const entries: FileEntry[] = [];
    for await (const entry of await fileSystem.list(at(path))) entries.push(entry);
    return entries;
  };

  const read = async (path: string): Promise<Buffer> => {
    const reader = await fileSystem.read(at(path));
    const parts: Buffer[] = [];
    try {
      for (let bytes = await reader.next(); bytes !== undefined; bytes = await reader.next()) {
        parts.push(Buffer.from(bytes));
      }
      return Buffer.concat(parts);
    } finally {
      await reader.close();
    }
  };

  const makeDirectory = async (path: string): Promise<void> => {
    let folder = "/";
    for (const name of namesOf(at(path))) {
      folder = joinPath(folder, name);
      await ignoring("EEXIST", async () => fileSystem.makeDirectory(folder));
    }
    const entry = await fileSystem.stat(folder);
    if (entry.type !== "folder") throw new FileError("ENOTDIR", folder);
  };

  const write = async (path: string, content: string | Uint8Array): Promise<void> => {
    await makeDirectory(parentOf(at(path)));
    const writer = await fileSystem.write(at(path));
    try {
      const bytes = Buffer.from(content);
      if (bytes.length > 0) await writer.write(bytes);
      await writer.finish();
    } catch (error) {
      await writer.abort();
      throw error;
    }
  };

  async function* walk(path: string, shown: string): AsyncIterableIterator<string> {
    const entries = await list(path);
    if (entries.length === 0 && shown !== "") yield `${shown}/`;
    for (const entry of entries) {
      const name = shown === "" ? entry.name : `${shown}/${entry.name}`;
      if (entry.type === "folder") yield* walk(joinPath(at(path), entry.name), name);
      else yield name;
    }
  }

  const remove = async (path: string): Promise<void> => {
    // A link goes itself, wherever it leads; so its target is not asked whether it is a folder.
    const isFile =
      at(path) !== "/" && (await ignoring("EISDIR", async () => fileSystem.remove(at(path), "file")));
    if (isFile) return;
    for (const child of await list(path)) await remove(joinPath(at(path), child.name));
    if (at(path) !== "/") await fileSystem.remove(at(path), "folder");
  };

  return {
    fileSystem,
    list,
    read,
    write,
    makeDirectory,
    remove,
    text: async (path) => (await read(path)).toString(),
    stat: async (path) => await fileSystem.stat(at(path)),
    exists: async (path) => await ignoring("ENOENT", async () => void (await fileSystem.stat(at(path)))),
    tree: async (path = "/") => await Array.fromAsync(walk(path, "")),
    rename: async (from, to) => await fileSystem.rename(at(from), at(to)),
  };
}

/** A part of a file system as a `Folder`. */
export function subfolderOf(fileSystem: FileSystem, path: string): Folder {
  return folderOf(subfolder(fileSystem, resolvePath("/", path)));
}

/** Whether it went without this refusal. */
async function ignoring(code: FileError["code"], action: () => Promise<void>): Promise<boolean> {
  try {
    await action();
    return true;
  } catch (error) {
    if (toFileError(error, "").code === code) return false;
    throw error;
  }
}
