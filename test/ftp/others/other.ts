/** Somebody else's servers over a folder on disk, for the cases that our own must pass. */
import { spawn } from "node:child_process";
import { chmodSync } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import { type Folder, diskFiles } from "../../../servers/ftp/index.ts";
import { folderOf } from "../../../servers/ftp/folder.ts";
import { pathOf } from "../../peers/tools.ts";
import { open } from "../dialogue.ts";
import type { Way } from "../peers/peer.ts";

/** A server that runs, reachable in the ways that it can. */
export interface Other extends AsyncDisposable {
  /** Who may log in, to do everything. */
  readonly user: string;
  readonly password: string;
  /** The port for a way; `undefined` when the server cannot be reached so. */
  port(way: Way): number | undefined;
}

/** A program that listens on a port; resolves when it does, and is killed with the result. */
export async function startProgram(
  command: string,
  args: readonly string[],
  host: string,
  port: number,
): Promise<AsyncDisposable> {
  const child = spawn(pathOf(command) ?? command, args, { stdio: ["ignore", "ignore", "pipe"] });
  const said: Buffer[] = [];
  child.stderr.on("data", (chunk: Buffer) => said.push(chunk));
  const ended = once(child, "exit");
  for (;;) {
    if (child.exitCode !== null)
      throw new Error(`${command} ended with ${child.exitCode}: ${Buffer.concat(said).toString()}`);
    try {
      (await open(port, host)).destroy();
      break;
    } catch {
      // Nothing tells that it listens now but a connection.
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  return {
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/** The folder as the test sees it; what it makes there may be changed by whichever user the server runs as. */
export function openFolderAt(root: string): Folder {
  const folder = folderOf(diskFiles(root));
  return {
    ...folder,
    write: async (path, content) => {
      await folder.write(path, content);
      chmodSync(join(root, path), 0o666);
      for (let at = path; at.lastIndexOf("/") > 0;) {
        at = at.slice(0, at.lastIndexOf("/"));
        chmodSync(join(root, at), 0o777);
      }
    },
    makeDirectory: async (path) => {
      await folder.makeDirectory(path);
      chmodSync(join(root, path), 0o777);
    },
  };
}
