import { computed, signal } from "@preact/signals";
import { foldName } from "portside/wire/irc.js";

/** Who we are; empty before we have come in. */
export const nick = signal("");

/** `out`, `coming`, `in`, or `lost`: and then it comes back by itself. */
export const connection = signal("out");

/** Why we were not let in. */
export const trouble = signal("");

/**
 * Rooms, and people we talk to, by their names as they are compared: `{ name, topic, members, lines, unread, isHere,
 * lastId }`. A line is `{ id, kind, nick, text, at }`.
 */
export const places = signal(new Map());

/** The place that is shown, as it is compared. */
export const current = signal("");

export const place = computed(() => places.value.get(current.value));

/** Lines of one place that the page keeps. */
const maxLines = 1_000;

/** Change a place, or begin one. */
export function change(name, changes) {
  const key = foldName(name);
  const known = places.value.get(key) ?? emptyPlace(name);
  const next = new Map(places.value);
  next.set(key, { ...known, ...changes(known) });
  places.value = next;
}

function emptyPlace(name) {
  return { name, topic: "", members: [], lines: [], unread: 0, isHere: !name.startsWith("#"), lastId: "" };
}

/** Add lines to a place; those that are not seen now are counted. */
export function addLines(name, lines, { isOwn = false } = {}) {
  const isSeen = foldName(name) === current.value && document.visibilityState === "visible";
  const said = lines.filter(({ kind }) => kind === "said").length;
  change(name, (known) => ({
    lines: [...known.lines, ...lines].slice(-maxLines),
    unread: isSeen || isOwn ? 0 : known.unread + said,
  }));
}

/** Show a place. */
export function show(name) {
  current.value = foldName(name);
  if (places.value.has(current.value)) change(name, () => ({ unread: 0 }));
}

/** Take a place away. */
export function forget(name) {
  const next = new Map(places.value);
  next.delete(foldName(name));
  places.value = next;
  if (current.value === foldName(name)) current.value = [...next.keys()][0] ?? "";
}

/** All that waits to be read. */
export const unread = computed(() => [...places.value.values()].reduce((sum, one) => sum + one.unread, 0));
