import { isBelow } from "./paths.js";
import { folder, isLoaded } from "./state.js";

/** Which row the keyboard goes on from, by its path. @type {((path: string) => boolean) | undefined} */
let wanted;

/** The links of the files that are listed, from the top. */
export const rows = () =>
  /** @type {HTMLAnchorElement[]} */ ([...document.querySelectorAll(".entries a[data-file]")]);

/** Put the focus on a file, as soon as it is listed and no dialog is open. @param {string} path */
export function focusOn(path) {
  wanted = (one) => one === path;
}

/** The row that the reader goes on with when this one is gone. @param {string} path */
export function neighbour(path) {
  const paths = rows().map((row) => row.dataset["file"]);
  const at = paths.indexOf(path);
  return (at === -1 ? undefined : (paths[at + 1] ?? paths[at - 1])) ?? "";
}

/** Another folder takes the rows away: go on with the folder one comes from, or at its top. @param {string} to */
export function leaveFor(to) {
  const from = folder.value;
  const focused = document.activeElement;
  wanted = undefined;
  if (from === to || !isLoaded.value || (focused !== document.body && !focused?.closest(".entries"))) return;
  wanted = (path) => !isBelow(from, to) || path === from || isBelow(from, path);
}

/** Put the focus where it is wanted, after the list was drawn. */
export function settleFocus() {
  if (!wanted || document.querySelector("dialog[open]")) return;
  const listed = rows();
  /** @type {HTMLElement | null | undefined} */
  const next =
    listed.length === 0
      ? document.querySelector(/** @type {"a"} */ (".crumbs [aria-current]"))
      : listed.find((row) => wanted?.(row.dataset["file"] ?? ""));
  if (!next) return;
  wanted = undefined;
  next.focus();
}
