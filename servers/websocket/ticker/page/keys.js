import { choose, chosen, closeBook, isOpen, search, shownRows, sortBy } from "./state.js";

/** @type {Record<string, import("./state.js").Column>} */
const columns = { 1: "symbol", 2: "last", 3: "change", 4: "spread", 5: "volume" };

/** Search, sort and choose without a mouse. */
export function listenForKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const field = document.querySelector("input");
    const column = columns[event.key];
    const isTyping = document.activeElement === field;
    if (event.key === "Escape") {
      if (isOpen.value && !isTyping) closeBook();
      search.value = "";
      field?.blur();
    } else if (event.key === "ArrowDown" || (event.key === "j" && !isTyping)) move(1);
    else if (event.key === "ArrowUp" || (event.key === "k" && !isTyping)) move(-1);
    else if (event.key === "Enter" && isTyping) field?.blur();
    else if (event.key === "/" && !isTyping) field?.focus();
    else if (!isTyping && column) sortBy(column);
    else return;
    event.preventDefault();
  });
}

/** @param {1 | -1} by */
function move(by) {
  const shown = shownRows.value;
  const at = shown.findIndex(({ symbol }) => symbol === chosen.value);
  const next = shown[Math.max(0, Math.min(shown.length - 1, at < 0 ? 0 : at + by))];
  if (!next) return;
  choose(next.symbol);
  document.querySelector(`[data-symbol="${next.symbol}"]`)?.scrollIntoView({ block: "nearest" });
}
