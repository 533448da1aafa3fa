import { computed, signal } from "@preact/signals";
import { foldName } from "portside/wire/irc.js";

/**
 * @typedef {object} Member
 * @property {string} nick
 * @property {boolean} isOperator
 */

/**
 * @typedef {object} Line What was said, or a note about what went on.
 * @property {string} id Empty for what has none.
 * @property {"said" | "note"} kind
 * @property {string} nick Who said it; empty for a note.
 * @property {string} text
 * @property {number} at In milliseconds since the epoch.
 */

/**
 * @typedef {object} Place A room, or somebody we talk to.
 * @property {string} name
 * @property {string} topic
 * @property {readonly Member[]} members
 * @property {readonly Line[]} lines
 * @property {number} unread
 * @property {boolean} isHere Whether we are in it; with a person one always is.
 * @property {string} lastId Of the newest line of a room; empty before there is one.
 */

/** Who we are; empty before we have come in. */
export const nick = signal("");

/**
 * When it is lost it comes back by itself.
 * @type {import("@preact/signals").Signal<"out" | "coming" | "in" | "lost">}
 */
export const connection = signal("out");

/** Why we were not let in. */
export const trouble = signal("");

/** Rooms, and people we talk to, by their names as they are compared. */
export const places = signal(/** @type {ReadonlyMap<string, Place>} */ (new Map()));

/** The place that is shown, as it is compared. */
export const current = signal("");

export const place = computed(() => places.value.get(current.value));

/** Lines of one place that the page keeps. */
const maxLines = 1_000;

/**
 * Change a place, or begin one.
 * @param {string} name
 * @param {(known: Place) => Partial<Place>} changes
 */
export function change(name, changes) {
  const key = foldName(name);
  const known = places.value.get(key) ?? emptyPlace(name);
  const next = new Map(places.value);
  next.set(key, { ...known, ...changes(known) });
  places.value = next;
}

/**
 * @param {string} name
 * @returns {Place}
 */
function emptyPlace(name) {
  return { name, topic: "", members: [], lines: [], unread: 0, isHere: !name.startsWith("#"), lastId: "" };
}

/**
 * Add lines to a place; those that are not seen now are counted.
 * @param {string} name
 * @param {readonly Line[]} lines
 * @param {{ isOwn?: boolean }} [how] `isOwn`: we said them ourselves
 */
export function addLines(name, lines, { isOwn = false } = {}) {
  const isSeen = foldName(name) === current.value && document.visibilityState === "visible";
  const said = lines.filter(({ kind }) => kind === "said").length;
  change(name, (known) => ({
    lines: [...known.lines, ...lines].slice(-maxLines),
    unread: isSeen || isOwn ? 0 : known.unread + said,
  }));
}

/** Show a place. @param {string} name */
export function show(name) {
  current.value = foldName(name);
  if (places.value.has(current.value)) change(name, () => ({ unread: 0 }));
}

/** Take a place away. @param {string} name */
export function forget(name) {
  const next = new Map(places.value);
  next.delete(foldName(name));
  places.value = next;
  if (current.value === foldName(name)) current.value = [...next.keys()][0] ?? "";
}

/** All that waits to be read. */
export const unread = computed(() => [...places.value.values()].reduce((sum, one) => sum + one.unread, 0));
