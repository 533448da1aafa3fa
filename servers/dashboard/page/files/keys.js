import { chooseFiles } from "./drop.js";
import { focusOn, rows } from "./focus.js";
import { folderAddress, fileOf, parent } from "./paths.js";
import { askDelete, askFolder, askName } from "./question.js";
import { folder } from "./state.js";

/** What the keys do while files are shown. @param {string} rest what the address says @returns {import("../keys.js").Keys} */
export function fileKeys(rest) {
  const open = fileOf(rest);
  /** The file that is meant: the one with the focus, or else the open one. */
  const meant = () => document.activeElement?.closest("tr")?.querySelector("a")?.dataset["file"] ?? open;
  /** @param {number} lines */
  const move = (lines) => () => {
    const at = rows().findIndex((row) => row.dataset["file"] === meant());
    const row = rows()[at === -1 ? 0 : at + lines];
    row?.focus();
    // With a file open the next one opens; without, Enter opens it.
    if (open && row && !row.hash.endsWith("/")) location.hash = row.hash;
  };
  return {
    j: move(1),
    k: move(-1),
    ArrowDown: move(1),
    ArrowUp: move(-1),
    Backspace: () => (location.hash = folderAddress(parent(folder.value))),
    u: chooseFiles,
    n: askFolder,
    r: () => void (meant() && askName(meant(), rest)),
    F2: () => void (meant() && askName(meant(), rest)),
    Delete: () => void (meant() && askDelete(meant(), rest)),
    Escape: () => {
      if (!open) return;
      focusOn(open);
      location.hash = folderAddress(folder.value);
    },
  };
}
