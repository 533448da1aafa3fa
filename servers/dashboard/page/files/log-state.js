import { signal } from "@preact/signals";
import { ask } from "../api.js";

/**
 * @typedef {object} Change Something that happened to the files.
 * @property {number} Number
 * @property {string} At
 * @property {"ftp" | "rest"} Via
 * @property {number} Connection
 * @property {string} User
 * @property {string} Type
 * @property {string} Path
 * @property {string} From
 * @property {"started" | "finished" | "aborted" | "accepted" | "refused"} Outcome
 * @property {number} Bytes
 * @property {number} DurationMs
 * @property {string} Reason
 */

/** So many are kept on the page; the server keeps its own. */
const mostChanges = 300;

/** What happened, newest first; a transfer is one line from its beginning to its end. @type {import("@preact/signals").Signal<Change[]>} */
export const log = signal([]);

/** Read the log anew. */
export async function readLog() {
  const { Changes } = await ask("files/log", { limit: 2 * mostChanges });
  log.value = Changes.reduce(fold, []);
}

/** Something happened. @param {Change} change */
export function takeChange(change) {
  if (log.value.some(({ Number }) => Number === change.Number)) return;
  log.value = fold(log.value, change);
}

/** @param {Change[]} changes @param {Change} next @returns {Change[]} */
function fold(changes, next) {
  const isEnd = next.Outcome === "finished" || next.Outcome === "aborted";
  const at = isEnd ? changes.findIndex((one) => isBeginning(one, next)) : -1;
  if (at === -1) return [next, ...changes].slice(0, mostChanges);
  return changes.with(at, next);
}

/** @param {Change} one @param {Change} end */
const isBeginning = (one, end) =>
  one.Outcome === "started" &&
  one.Type === end.Type &&
  one.Path === end.Path &&
  one.Via === end.Via &&
  one.Connection === end.Connection;
