import { lstatSync } from "node:fs";
import { namesOf } from "../paths.ts";

/** A change so recent may share its time stamp with the next one: file systems keep time in steps of up to 10 ms. */
const recentMs = 50;

/**
 * The state of every folder on the way to one, or `undefined` when it says nothing because one is a link, or was changed
 * just now. Whoever renames a folder, or puts a link in its place, changes its ctime: as long as the state is the same,
 * the path has meant the same folder all the time.
 * @param root a folder of the host, whose own way is not looked at
 * @param path a virtual path in it
 */
export function wayTo(root: string, path: string): string | undefined {
  let hostPath = root;
  let state = "";
  for (const name of ["", ...namesOf(path)]) {
    if (name !== "") hostPath += `/${name}`;
    const stats = lstatSync(hostPath === "" ? "/" : hostPath, { throwIfNoEntry: false });
    if (stats?.isDirectory() !== true || Date.now() - stats.ctimeMs < recentMs) return undefined;
    state += `${stats.dev} ${stats.ino} ${stats.ctimeMs};`;
  }
  return state;
}
