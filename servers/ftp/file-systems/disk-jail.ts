/**
 * Keeping clients inside a folder of the host. A name is not proof: between looking at a path and using it, somebody may
 * put a symbolic link in its place. So every use begins by opening the folder that holds the file and asking the system
 * where that descriptor really is; what is done afterwards is done through the descriptor.
 *
 * On Linux `/proc/self/fd/N/name` is a path relative to an open folder (what `openat` is for C). Elsewhere the real path
 * is used, and the opened file is compared with what the path says once more.
 */
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  openSync,
  readlinkSync,
  realpathSync,
} from "node:fs";
import { dirname, sep } from "node:path";
import { FileError } from "../file-system.ts";
import { nameOf, parentOf } from "../paths.ts";

const hasProc = existsSync("/proc/self/fd");

export interface Jail {
  /**
   * Do something with a path's last name in the folder that really holds it.
   * @param follow whether a link at the end means the file it points to (as in reading), or itself (as in removing)
   * @param use gets a host path that is safe until it returns
   */
  inside<Result>(path: string, follow: boolean, use: (hostPath: string) => Result): Result;
  /** Do something in a folder itself. */
  folder<Result>(path: string, use: (hostPath: string) => Result): Result;
  /** Open a plain file and give its descriptor; links to the outside, hard links, FIFOs and devices are refused. */
  open(path: string, flags: number): number;
}

export function jailAt(root: string, allowsHardLinks: boolean): Jail {
  const realRoot = realpathSync.native(root);
  const isInside = (hostPath: string): boolean =>
    hostPath === realRoot || hostPath.startsWith(realRoot.endsWith(sep) ? realRoot : realRoot + sep);

  const resolve = (hostPath: string, path: string): string => {
    const real = realpathSync.native(hostPath);
    if (!isInside(real)) throw new FileError("EACCES", path);
    return real;
  };

  /** Open a folder by its real path, check where it is, and use names in it. */
  const inFolder = <Result>(folder: string, path: string, use: (base: string) => Result): Result => {
    if (!hasProc) return use(folder);
    const descriptor = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
    try {
      const base = `/proc/self/fd/${descriptor}`;
      if (!isInside(readlinkSync(base))) throw new FileError("EACCES", path);
      return use(`${base}/.`);
    } finally {
      closeSync(descriptor);
    }
  };

  const inside = <Result>(path: string, follow: boolean, use: (hostPath: string) => Result): Result => {
    if (path === "/") return inFolder(realRoot, path, use);
    const parent = resolve(realRoot + parentOf(path), path);
    return inFolder(parent, path, (base) => {
      const leaf = `${base}/${nameOf(path)}`;
      if (!follow || !isLink(leaf)) return use(leaf);
      const target = resolve(leaf, path);
      if (target === realRoot) return inFolder(realRoot, path, use);
      return inFolder(dirname(target), path, (targetBase) => use(`${targetBase}/${nameOf(target)}`));
    });
  };

  const folder = <Result>(path: string, use: (hostPath: string) => Result): Result =>
    inFolder(resolve(realRoot + path, path), path, use);

  const open = (path: string, flags: number): number =>
    inside(path, true, (hostPath) => {
      // A FIFO without a peer would block the process: looked at before it is opened, and once more afterwards.
      if (lstatSync(hostPath, { throwIfNoEntry: false })?.isFIFO()) throw new FileError("EACCES", path);
      const descriptor = openSync(hostPath, flags | constants.O_NOFOLLOW | constants.O_NONBLOCK, 0o666);
      try {
        checkOpened(descriptor, path);
        return descriptor;
      } catch (error) {
        closeSync(descriptor);
        throw error;
      }
    });

  const checkOpened = (descriptor: number, path: string): void => {
    const stats = fstatSync(descriptor);
    if (stats.isDirectory()) throw new FileError("EISDIR", path);
    if (!stats.isFile() || (stats.nlink > 1 && !allowsHardLinks)) throw new FileError("EACCES", path);
    if (hasProc) {
      if (!isInside(readlinkSync(`/proc/self/fd/${descriptor}`))) throw new FileError("EACCES", path);
      return;
    }
    const now = lstatSync(resolve(realRoot + path, path));
    if (now.ino !== stats.ino || now.dev !== stats.dev) throw new FileError("EACCES", path);
  };

  return { inside, folder, open };
}

function isLink(hostPath: string): boolean {
  return lstatSync(hostPath, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}
