import { computed, signal } from "@preact/signals";
import { listen } from "../live.js";

/** @typedef {import("../conversation.js").Entry} Entry */

/** So much is kept on the page; the server keeps its own. */
const mostEntries = 2000;

/** What was said, oldest first. @type {import("@preact/signals").Signal<Entry[]>} */
export const entries = signal([]);
/** What is shown while one holds it to read; undefined while it goes on. @type {import("@preact/signals").Signal<Entry[] | undefined>} */
export const held = signal(undefined);
export const shown = computed(() => held.value ?? entries.value);

/** The connections in what is shown, newest first. */
export const connections = computed(() => {
  /** @type {Map<number, { number: number, at: string, name: string, lines: number }>} */
  const all = new Map();
  for (const { Connection, At, From, Text } of shown.value) {
    const known = all.get(Connection) ?? { number: Connection, at: At, name: "", lines: 0 };
    known.lines += 1;
    if (From === "C" && known.name === "") known.name = /^(?:EHLO|HELO|LHLO)\s+(\S+)/i.exec(Text)?.[1] ?? "";
    all.set(Connection, known);
  }
  return [...all.values()].toSorted((a, b) => b.number - a.number);
});

/** Hear what was said since and is said, until the result is called. */
export function start() {
  const after = entries.value.at(-1)?.Sequence ?? 0;
  return listen(`wire/stream?after=${after}`, (said) => {
    const last = entries.value.at(-1)?.Sequence ?? 0;
    entries.value = [...entries.value, ...said.filter((entry) => entry.Sequence > last)].slice(-mostEntries);
  });
}

/** Hold what is shown, or go on. */
export function hold() {
  held.value = held.value ? undefined : entries.value;
}
