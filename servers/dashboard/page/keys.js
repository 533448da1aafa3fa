/** @typedef {Record<string, (event: KeyboardEvent) => void>} Keys */

/** @type {Keys[]} */
const layers = [];

/**
 * Listen to single keys while something is on the screen; the latest layer is asked first.
 * @param {Keys} keys by `event.key`
 * @returns {() => void} stops it
 */
export function listenToKeys(keys) {
  layers.unshift(keys);
  return () => {
    layers.splice(layers.indexOf(keys), 1);
  };
}

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  const target = /** @type {HTMLElement} */ (event.target);
  // Who types does not mean us, but Escape leaves a field; an open dialog keeps its keys.
  if (target.closest("input, textarea, select")) {
    if (event.key === "Escape") target.blur();
    return;
  }
  if (document.querySelector("dialog[open]")) return;
  // Who has gone into a text scrolls it with the arrows.
  if (event.key.startsWith("Arrow") && target.closest(".view")) return;
  const layer = layers.find((keys) => Object.hasOwn(keys, event.key));
  if (!layer) return;
  event.preventDefault();
  layer[event.key]?.(event);
});
