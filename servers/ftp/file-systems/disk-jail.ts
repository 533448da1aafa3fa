/**
 * Keeping clients inside a folder of the host. A name is not proof: between looking at a path and using it, somebody may
 * put a symbolic link in its place. So every use begins by opening the folder that holds the file and asking the system
 * where that descriptor really is; what is done afterwards is done through the descriptor, and never through a link.
 *
 * On Linux `/proc/self/fd/N/name` is a path relative to an open folder (what `openat` is for C). Elsewhere the real path
 * is used, and the opened file is compared with what the path says once more.
 */
import { closeSync, constants, existsSync, fstatSync, lstatSync, openSync, realpathSync } from "node:fs";
import type { Stats } from "node:fs";
import { dirname, sep } from "node:path";
import { FileError } from "../file-system.ts";
import { nameOf, parentOf } from "../paths.ts";
import { OpenFolder } from "./open-folder.ts";
import { wayTo } from "./steady-way.ts";

const hasProc = existsSync("/proc/self/fd");

/** A plain file that was opened, and what it was then. */
export interface OpenedFile {
  readonly descriptor: number;
  readonly stats: Stats;
}

export interface Jail {
  /**
   * Do something with a path's last name, as itself, in the folder that really holds it.
   * @param use gets a host path that is safe until it returns
   */
  inside<Result>(path: string, use: (hostPath: string) => Result): Result;
  /**
   * The same with what the path means: behind a link, the file it points to.
   * @param use also gets what is there, if anything is
   */
  through<Result>(path: string, use: (hostPath: string, stats: Stats | undefined) => Result): Result;
  /** Do something in a folder itself. */
  folder<Result>(path: string, use: (hostPath: string) => Result): Result;
  /**
   * The same, only to look at many names: at twice the speed when nothing on the way changes meanwhile, and once more
   * if something did.
   */
  look<Result>(path: string, use: (hostPath: string) => Result): Result;
  /** Open a plain file; links to the outside, hard links, FIFOs and devices are refused. */
  open(path: string, flags: number): OpenedFile;
  /** Let go of what is open. */
  close(): void;
}

export function jailAt(root: string, allowsHardLinks: boolean): Jail {
  const realRoot = realpathSync.native(root);
  const prefix = realRoot.endsWith(sep) ? realRoot.slice(0, -1) : realRoot;
  const hostPathOf = (path: string): string => (path === "/" ? realRoot : prefix + path);
  const opened = new OpenFolder();

  const checkInside = (hostPath: string, path: string): void => {
    const isInside = hostPath === realRoot || hostPath.startsWith(prefix + sep);
    if (!isInside) throw new FileError("EACCES", path);
  };

  const inFolder = <Result>(hostPath: string, path: string, use: (base: string) => Result): Result => {
    if (hasProc) return opened.use(hostPath, (real) => checkInside(real, path), use);
    const real = realpathSync.native(hostPath);
    checkInside(real, path);
    return use(real);
  };

  const inside = <Result>(path: string, use: (hostPath: string) => Result): Result =>
    path === "/"
      ? inFolder(realRoot, path, use)
      : inFolder(hostPathOf(parentOf(path)), path, (base) => use(`${base}/${nameOf(path)}`));

  const through: Jail["through"] = (path, use) =>
    inside(path, (hostPath) => {
      const stats = lstatSync(hostPath, { throwIfNoEntry: false });
      if (stats?.isSymbolicLink() !== true) return use(hostPath, stats);
      const target = realpathSync.native(hostPath);
      checkInside(target, path);
      const lookAndUse = (targetPath: string): ReturnType<typeof use> =>
        use(targetPath, lstatSync(targetPath, { throwIfNoEntry: false }));
      if (target === realRoot) return inFolder(realRoot, path, lookAndUse);
      return inFolder(dirname(target), path, (base) => lookAndUse(`${base}/${nameOf(target)}`));
    });

  const open = (path: string, flags: number): OpenedFile =>
    through(path, (hostPath, before) => {
      // A FIFO without a peer would block the process, and opening a device may do something: looked at before, and
      // once more when it is open.
      if (before !== undefined && !before.isFile())
        throw new FileError(before.isDirectory() ? "EISDIR" : "EACCES", path);
      const descriptor = openSync(hostPath, flags | constants.O_NOFOLLOW | constants.O_NONBLOCK, 0o666);
      try {
        const stats = fstatSync(descriptor);
        checkOpened(stats, path);
        return { descriptor, stats };
      } catch (error) {
        closeSync(descriptor);
        throw error;
      }
    });

  const checkOpened = (stats: Stats, path: string): void => {
    if (stats.isDirectory()) throw new FileError("EISDIR", path);
    if (!stats.isFile() || (stats.nlink > 1 && !allowsHardLinks)) throw new FileError("EACCES", path);
    // With /proc it was opened in a folder that is inside, and not through a link.
    if (hasProc) return;
    const real = realpathSync.native(hostPathOf(path));
    checkInside(real, path);
    const now = lstatSync(real);
    if (now.ino !== stats.ino || now.dev !== stats.dev) throw new FileError("EACCES", path);
  };

  const folder = <Result>(path: string, use: (hostPath: string) => Result): Result =>
    inFolder(hostPathOf(path), path, use);

  const look = <Result>(path: string, use: (hostPath: string) => Result): Result => {
    const before = hasProc ? wayTo(prefix, path) : undefined;
    if (before !== undefined) {
      // The system finds 10,000 names by their path in half the time that it takes through /proc.
      const result = use(hostPathOf(path));
      if (wayTo(prefix, path) === before) return result;
    }
    return folder(path, use);
  };

  return {
    inside,
    through,
    open,
    folder,
    look,
    close: () => opened.close(),
  };
}
