/**
 * Keeping clients inside a folder of the host. A name is not proof: links point anywhere, and between looking at a path
 * and using it somebody may put a link in its place. So a file is opened first, and the system is asked where the open
 * descriptor really is; only then is anything read from it.
 */
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  openSync,
  readlinkSync,
  realpathSync,
  type Stats,
  statSync,
} from "node:fs";
import { sep } from "node:path";

/** A file or folder that is open, and inside. */
export interface Opened {
  readonly descriptor: number;
  readonly stats: Stats;
}

/** A folder that nothing leaves. */
export interface Jail {
  /**
   * Open a plain file or a folder by its path from the root, which begins with a slash.
   * @returns undefined for what is not there, is outside, or is neither (a FIFO, a device, a socket)
   */
  open(path: string): Opened | undefined;
  /** Where an open folder is listed from. */
  hostPath(opened: Opened, path: string): string;
}

const hasProc = existsSync("/proc/self/fd");

/** @throws TypeError when the root is no folder */
export function jailAt(root: string): Jail {
  const stats = statSync(root, { throwIfNoEntry: false });
  if (!stats?.isDirectory())
    throw new TypeError(`root must be a folder; ${root} is ${stats ? "none" : "not there"}`);
  const realRoot = realpathSync.native(root);
  const prefix = realRoot.endsWith(sep) ? realRoot : realRoot + sep;
  const isInside = (hostPath: string): boolean => hostPath === realRoot || hostPath.startsWith(prefix);

  const open = (path: string): Opened | undefined => {
    const named = realRoot + path;
    // A FIFO or a device may do something when it is opened, so it is looked at before; and once more when it is open.
    const before = lookAt(named);
    if (!before || !isServed(before)) return undefined;
    let descriptor: number;
    try {
      descriptor = openSync(named, constants.O_RDONLY | constants.O_NONBLOCK);
    } catch {
      // Gone since, or not ours to read: for a client it is not there.
      return undefined;
    }
    const after = fstatSync(descriptor);
    if (isServed(after) && isInside(whereIs(descriptor, named, after))) return { descriptor, stats: after };
    closeSync(descriptor);
    return undefined;
  };

  return {
    open,
    hostPath: ({ descriptor }, path) => (hasProc ? `/proc/self/fd/${descriptor}` : realRoot + path),
  };
}

/** The real path of what is open; empty when that cannot be said for sure. */
function whereIs(descriptor: number, named: string, stats: Stats): string {
  if (hasProc) return readlinkSync(`/proc/self/fd/${descriptor}`);
  const real = realpathSync.native(named);
  const now = statSync(real);
  return now.ino === stats.ino && now.dev === stats.dev ? real : "";
}

function isServed(stats: Stats): boolean {
  return stats.isFile() || stats.isDirectory();
}

function lookAt(hostPath: string): Stats | undefined {
  try {
    return statSync(hostPath, { throwIfNoEntry: false });
  } catch {
    // A name that is too long, a file in the place of a folder, a loop of links.
    return undefined;
  }
}
