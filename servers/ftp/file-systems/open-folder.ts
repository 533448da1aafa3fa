import { closeSync, constants, openSync, readlinkSync } from "node:fs";

/** A folder that nobody used for so long is closed. */
const idleMs = 1_000;

/**
 * Linux: folders opened for a moment, and the last one for longer, because clients stay in a folder for a while. A
 * descriptor is asked where it is before each use: one whose folder was moved, replaced or removed is not used again.
 */
export class OpenFolder {
  #path = "";
  #descriptor: number | undefined;
  /** Uses under way; meanwhile the descriptor stays. */
  #uses = 0;
  #idle: NodeJS.Timeout | undefined;

  /**
   * Use a folder through a path that stays with it, whatever happens to its name.
   * @param path of the host; links in it are followed
   * @param check is told where the opened folder really is, and throws when that is wrong
   */
  use<Result>(path: string, check: (realPath: string) => void, use: (base: string) => Result): Result {
    if (this.#uses > 0) return useOnce(path, check, use);
    const descriptor = this.#open(path, check);
    this.#uses += 1;
    try {
      return use(baseOf(descriptor));
    } finally {
      this.#uses -= 1;
      // A path with links in it is not kept: where they lead to may change without the folder noticing.
      if (this.#path !== path) this.close();
    }
  }

  /** The descriptor that is open already if it is still there, or a new one. */
  #open(path: string, check: (realPath: string) => void): number {
    if (this.#descriptor !== undefined) {
      if (this.#path === path && readlinkSync(`/proc/self/fd/${this.#descriptor}`) === path) {
        this.#idle?.refresh();
        return this.#descriptor;
      }
      this.close();
    }
    const descriptor = openFolder(path);
    this.#descriptor = descriptor;
    try {
      const realPath = readlinkSync(`/proc/self/fd/${descriptor}`);
      check(realPath);
      this.#path = realPath;
    } catch (error) {
      this.close();
      throw error;
    }
    this.#idle = setTimeout(() => this.close(), idleMs).unref();
    return descriptor;
  }

  close(): void {
    if (this.#descriptor === undefined) return;
    clearTimeout(this.#idle);
    closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}

function useOnce<Result>(
  path: string,
  check: (realPath: string) => void,
  use: (base: string) => Result,
): Result {
  const descriptor = openFolder(path);
  try {
    check(readlinkSync(`/proc/self/fd/${descriptor}`));
    return use(baseOf(descriptor));
  } finally {
    closeSync(descriptor);
  }
}

/** Opening a folder does nothing to it, wherever it is; anything else (a FIFO, a device) is refused unopened. */
function openFolder(path: string): number {
  return openSync(path, constants.O_RDONLY | constants.O_DIRECTORY);
}

function baseOf(descriptor: number): string {
  return `/proc/self/fd/${descriptor}/.`;
}
