/** What there is to transfer: all files of a folder, on this side or on the other. */
import { readdir, stat } from "node:fs/promises";
import { basename, join, relative, resolve, sep } from "node:path";
import { FileType, type Client } from "basic-ftp";

/** A file to be transferred. */
export interface TreeFile {
  /** Where it is read. */
  readonly from: string;
  /** Where it goes, relative to the target folder, with `/` between names. */
  readonly to: string;
  readonly size: number;
}

/** Files, and the folders that must be there for them and for nothing. */
export interface Tree {
  readonly files: readonly TreeFile[];
  readonly folders: readonly string[];
}

/** A local file, or a folder with everything in it, under its own name. */
export async function localTree(path: string): Promise<Tree> {
  const own = await stat(path);
  const name = basename(resolve(path));
  if (!own.isDirectory()) return { files: [{ from: path, to: name, size: own.size }], folders: [] };
  const files: TreeFile[] = [];
  const folders = [name];
  for (const entry of await readdir(path, { recursive: true, withFileTypes: true })) {
    const from = join(entry.parentPath, entry.name);
    const to = [name, ...relative(path, from).split(sep)].join("/");
    if (entry.isDirectory()) folders.push(to);
    else if (entry.isFile()) files.push({ from, to, size: (await stat(from)).size });
  }
  return { files: files.toSorted(byPath), folders: folders.toSorted() };
}

/** A file of the server, or a folder with everything in it, under its own name. */
export async function remoteTree(client: Client, path: string): Promise<Tree> {
  const name = path.replace(/\/+$/, "").split("/").at(-1) ?? "";
  const size = await sizeOf(client, path);
  if (size !== undefined) return { files: [{ from: path, to: name, size }], folders: [] };
  const files: TreeFile[] = [];
  const folders: string[] = name === "" ? [] : [name];
  const walk = async (from: string, to: string): Promise<void> => {
    for (const entry of await client.list(from)) {
      // A server could send names that lead out of the target folder.
      if (/[/\\\0]/.test(entry.name) || entry.name === ".." || entry.name === ".") continue;
      const child = {
        from: `${from.replace(/\/+$/, "")}/${entry.name}`,
        to: to === "" ? entry.name : `${to}/${entry.name}`,
      };
      if (entry.type === FileType.Directory) {
        folders.push(child.to);
        await walk(child.from, child.to);
      } else if (entry.type === FileType.File) files.push({ ...child, size: entry.size });
    }
  };
  await walk(path, name);
  return { files: files.toSorted(byPath), folders };
}

async function sizeOf(client: Client, path: string): Promise<number | undefined> {
  if (path === "" || path.endsWith("/")) return undefined;
  try {
    return await client.size(path);
  } catch {
    // A folder, or missing: the listing will tell.
    return undefined;
  }
}

function byPath(one: TreeFile, other: TreeFile): number {
  return one.to < other.to ? -1 : 1;
}
