import { go } from "./route.js";

/**
 * Open what is so many lines further down a list: from the link that has the focus, or else from the one that is open,
 * because keys come faster than the address changes.
 * @param {string} tab
 * @param {`data-${string}`} name what the links have their ids in
 * @param {string[]} ids in the order of the list
 * @param {string} open empty when none is
 * @param {number} lines
 */
export function walk(tab, name, ids, open, lines) {
  const meant = document.activeElement?.closest(`[${name}]`)?.getAttribute(name) ?? open;
  const next = ids[meant === "" ? 0 : ids.indexOf(meant) + lines];
  if (next === undefined) return;
  go(tab, next);
  document.querySelector(/** @type {"a"} */ (`[${name}="${next}"]`))?.focus();
}
