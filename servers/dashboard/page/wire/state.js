import { computed, signal } from "@preact/signals";
import { listen } from "../live.js";
import { server } from "../server.js";

/** @typedef {import("../conversation.js").Entry} Entry */

/** So much is kept on the page; the server keeps its own. */
const mostEntries = 2000;

/** What was said, oldest first. @type {import("@preact/signals").Signal<Entry[]>} */
export const entries = signal([]);
/** What is shown while one holds it to read; undefined while it goes on. @type {import("@preact/signals").Signal<Entry[] | undefined>} */
export const held = signal(undefined);
export const shown = computed(() => held.value ?? entries.value);

/**
 * @typedef {object} Connection
 * @property {string} id What tells it from others, over all servers: `ftp-2`.
 * @property {string} protocol
 * @property {number} number
 * @property {string} at
 * @property {string} name How the client calls itself, or who logged in.
 * @property {number} lines
 */

/** The connections in what is shown, newest first. @type {import("@preact/signals").ReadonlySignal<Connection[]>} */
export const connections = computed(() => {
  /** @type {Map<string, Connection>} */
  const all = new Map();
  for (const { Protocol, Connection, At, From, Text } of shown.value) {
    const id = `${Protocol}-${Connection}`;
    const known = all.get(id) ?? { id, protocol: Protocol, number: Connection, at: At, name: "", lines: 0 };
    known.lines += 1;
    if (From === "C" && known.name === "") known.name = introduction.exec(Text)?.[1] ?? "";
    all.set(id, known);
  }
  return [...all.values()].toSorted((a, b) => b.at.localeCompare(a.at) || b.number - a.number);
});

/** A client says who it is. */
const introduction = /^(?:EHLO|HELO|LHLO|USER)\s+(\S+)/i;

/** Whether conversations of several servers are shown, so that each says whose it is. */
export const hasSeveralServers = computed(() => server.value.FTP !== "");

/** Hear what was said since and is said, until the result is called. */
export function start() {
  const after = [...lasts().values()]
    .map(({ Protocol, Sequence, At }) => `${Protocol}:${Sequence}@${Date.parse(At)}`)
    .join();
  return listen(`wire/stream?after=${after}`, take);
}

/** @param {Entry[]} said */
function take(said) {
  const last = lasts();
  // Numbers that begin anew are of a server that was started anew; what was said to the one before is gone there too.
  const startedAnew = new Set(
    said
      .filter(({ Protocol, Sequence }) => Sequence <= (last.get(Protocol)?.Sequence ?? 0))
      .map(({ Protocol }) => Protocol),
  );
  const kept = entries.value.filter(({ Protocol }) => !startedAnew.has(Protocol));
  entries.value = [...kept, ...said].slice(-mostEntries);
}

/** The newest line of each server. */
const lasts = () => new Map(entries.value.map((entry) => [entry.Protocol, entry]));

/** Hold what is shown, or go on. */
export function hold() {
  held.value = held.value ? undefined : entries.value;
}
