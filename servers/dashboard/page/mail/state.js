import { batch, computed, signal } from "@preact/signals";
import { ask, change } from "../api.js";
import { listenTogether } from "../live.js";
import { go } from "../route.js";
import { withView } from "./view.js";

/**
 * @typedef {import("../format.js").Address} Address
 * @typedef {object} Summary A line of the list.
 * @property {string} ID
 * @property {boolean} Read
 * @property {Address} From
 * @property {Address[]} To
 * @property {Address[]} Cc
 * @property {Address[]} Bcc
 * @property {string} Subject
 * @property {string} Created
 * @property {string[]} Tags
 * @property {number} Size
 * @property {number} Attachments
 * @property {string} Snippet
 */

const pageSize = 50;

/** The mails of the list, newest first, as far as they were asked for. @type {import("@preact/signals").Signal<Summary[]>} */
export const mails = signal([]);
/** How many there are of those the list shows. */
export const matches = signal(0);
/** All mails of the mailbox, and the unread ones. */
export const counts = signal({ total: 0, unread: 0 });
/** All tags. @type {import("@preact/signals").Signal<string[]>} */
export const tags = signal([]);
/** What stands in the search field. */
export const typed = signal("");
/** What is searched for; empty for all mails. */
export const query = computed(() => typed.value.trim());
/** Why a search cannot be understood; empty when it can. */
export const queryError = signal("");
/** False until the first answer. */
export const isLoaded = signal(false);
export const hasMore = computed(() => mails.value.length < matches.value);

/** Counts the questions; an answer that was overtaken by a later question is of no use. */
let asked = 0;
let isAsking = false;
/** Something happened while we asked, and the answer may be from before it. */
let isStale = false;

/** Read the list anew, as long as it is now. */
export const reload = () => load(0, Math.max(pageSize, mails.value.length));

/** Read the next page of the list. */
export const loadMore = () => load(mails.value.length, pageSize);

/**
 * @param {number} start
 * @param {number} limit
 */
async function load(start, limit) {
  asked += 1;
  const ticket = asked;
  isAsking = true;
  isStale = false;
  const page = { start, limit };
  try {
    const list = query.value
      ? await ask("search", { query: query.value, ...page })
      : await ask("messages", page);
    if (ticket === asked) show(list);
  } catch (error) {
    if (ticket === asked && query.value) queryError.value = /** @type {Error} */ (error).message;
  }
  if (ticket !== asked) return;
  isAsking = false;
  if (isStale) void reload();
}

/** @param {any} list */
function show(list) {
  batch(() => {
    mails.value = list.start === 0 ? list.messages : withoutRepeats([...mails.value, ...list.messages]);
    matches.value = list.messages_count;
    counts.value = { total: list.total, unread: list.unread };
    tags.value = list.tags;
    queryError.value = "";
    isLoaded.value = true;
  });
}

/** @param {Summary[]} list */
const withoutRepeats = (list) => [...new Map(list.map((mail) => [mail.ID, mail])).values()];

/** @type {ReturnType<typeof setTimeout> | undefined} */
let typing;

/**
 * Search, once the typing pauses.
 * @param {string} words
 */
export function search(words) {
  typed.value = words;
  clearTimeout(typing);
  typing = setTimeout(reload, 150);
}

/** Hear of changes from now on, and read the list. */
export function start() {
  listenTogether("stream", hear);
  void reload();
}

/** Whether the stream has begun. */
let hasHeard = false;

/** Take what happened on the server into the list. @param {any[]} events */
function hear(events) {
  const added = events.filter((event) => event.Type === "new").length;
  // What a search finds only the server knows; a flood is read sooner than it is told; and what arrived after the list
  // was read and before the stream began is in neither, so the stream's first event brings the list once more.
  const isUnclear =
    !hasHeard ||
    events.some((event) => event.Type === "prune" || event.Type === "truncate") ||
    added > 4 * pageSize ||
    (query.value !== "" && added > 0);
  batch(() => {
    for (const { Type, Data } of events) {
      if (Type === "update") takeUpdate(Data);
      else if (Type === "delete") takeDelete(Data.ID);
      else if (Type === "new" && !isUnclear) takeNew(Data);
      else if (Type === "stats") counts.value = { total: Data.Total, unread: Data.Unread };
    }
  });
  hasHeard = true;
  isStale ||= isAsking;
  if (isUnclear) void reload();
}

/** @param {Summary} mail */
function takeNew(mail) {
  if (mails.value.some((one) => one.ID === mail.ID)) return;
  mails.value = [mail, ...mails.value];
  matches.value += 1;
  if (mail.Tags.some((tag) => !tags.value.includes(tag))) void reload();
}

/** @param {Pick<Summary, "ID" | "Read" | "Tags">} update */
function takeUpdate(update) {
  const before = mails.value.find((mail) => mail.ID === update.ID);
  mails.value = mails.value.map((mail) => (mail.ID === update.ID ? { ...mail, ...update } : mail));
  // Which tags there are, the server counts.
  if (before && before.Tags.join() !== update.Tags.join()) void reload();
}

/** @param {string} id */
function takeDelete(id) {
  const rest = mails.value.filter((mail) => mail.ID !== id);
  if (rest.length === mails.value.length) return;
  mails.value = rest;
  matches.value -= 1;
}

/** @param {string} id @param {boolean} isRead */
export const mark = (id, isRead) => change("PUT", "messages", { IDs: [id], Read: isRead });

/** Mark everything the list shows as read. */
export const markAllRead = () => change("PUT", "messages", { Read: true, Search: query.value });

/**
 * Delete a mail; when it is open, go on to its neighbour.
 * @param {string} id @param {boolean} isOpen
 * @returns the neighbour's id
 */
export async function remove(id, isOpen) {
  const next = neighbour(id, 1) ?? neighbour(id, -1);
  await change("DELETE", "messages", { IDs: [id] });
  takeDelete(id);
  if (isOpen) go("mail", next && withView(next));
  return next;
}

/** Delete everything the list shows. */
export async function removeAll() {
  await (query.value
    ? change("DELETE", "search", undefined, { query: query.value })
    : change("DELETE", "messages"));
  go("mail");
  await reload();
}

/** The mail so many lines further down. @param {string} id @param {number} lines */
export function neighbour(id, lines) {
  const at = mails.value.findIndex((mail) => mail.ID === id);
  return at === -1 ? undefined : mails.value[at + lines]?.ID;
}
