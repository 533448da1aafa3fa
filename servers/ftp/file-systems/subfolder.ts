import { FileError } from "../file-system.ts";
import type { FileSystem } from "../file-system.ts";
import { joinPath } from "../paths.ts";

/** A folder of a file system as a file system of its own: a user's home, above which nothing exists. */
export function subfolder(files: FileSystem, folder: string): FileSystem {
  if (folder === "/") return files;
  const at = (path: string): string => (path === "/" ? folder : joinPath(folder, path.slice(1)));
  return {
    list: (path) => files.list(at(path)),
    stat: (path) => files.stat(at(path)),
    read: (path, range) => files.read(at(path), range),
    write: (path, options) => files.write(at(path), options),
    append: (path) => files.append(at(path)),
    rename: (from, to) => {
      if (from === "/" || to === "/") throw new FileError("EINVAL", to);
      return files.rename(at(from), at(to));
    },
    remove: (path, type) => {
      if (path === "/") throw new FileError("EACCES", path);
      return files.remove(at(path), type);
    },
    makeDirectory: (path) => files.makeDirectory(at(path)),
    setModified: (path, modifiedMs) => files.setModified(at(path), modifiedMs),
    ...(files.setMode && { setMode: (path: string, mode: number) => files.setMode?.(at(path), mode) }),
    ...(files.freeBytes && { freeBytes: () => files.freeBytes?.() ?? 0 }),
  };
}
