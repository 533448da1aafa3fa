import { batch, computed, signal } from "@preact/signals";
import { ask, change } from "../api.js";
import { listenTogether } from "../live.js";
import { readLog, takeChange } from "./log-state.js";
import { isBelow } from "./paths.js";

/**
 * @typedef {object} Entry A file or folder.
 * @property {string} Name
 * @property {string} Path
 * @property {"file" | "folder" | "link" | "other"} Type
 * @property {number} Size
 * @property {string} Modified
 * @property {string} ContentType
 */

const pageSize = 500;

/** The folder that is shown. */
export const folder = signal("/");
/** What it holds, as far as it was asked for. @type {import("@preact/signals").Signal<Entry[]>} */
export const entries = signal([]);
/** How many there are in all. */
export const total = signal(0);
/** False until the folder's first answer. */
export const isLoaded = signal(false);
/** Why the folder cannot be shown; empty when it can. */
export const problem = signal("");
/** @type {import("@preact/signals").Signal<{ by: "name" | "size" | "time", isDown: boolean }>} */
export const order = signal({ by: "name", isDown: false });
export const hasMore = computed(() => entries.value.length < total.value);

/** Counts the questions; an answer that was overtaken by a later question is of no use. */
let asked = 0;
let isAsking = false;
/** Something happened while we asked, and the answer may be from before it. */
let isStale = false;

/** Show a folder. @param {string} path */
export function visit(path) {
  if (folder.value !== path) {
    batch(() => {
      folder.value = path;
      entries.value = [];
      total.value = 0;
      isLoaded.value = false;
    });
  }
  void reload();
}

/** Read the folder anew, as long as it is now. */
export const reload = () => load(0, Math.max(pageSize, entries.value.length));

/** Read the next page. */
export const loadMore = () => load(entries.value.length, pageSize);

/** Sort by this, or the other way round. @param {"name" | "size" | "time"} by */
export function sortBy(by) {
  const isSame = order.value.by === by;
  order.value = { by, isDown: isSame ? !order.value.isDown : by !== "name" };
  void reload();
}

/** @param {number} start @param {number} limit */
async function load(start, limit) {
  asked += 1;
  const ticket = asked;
  isAsking = true;
  isStale = false;
  const { by, isDown } = order.value;
  try {
    const query = { path: folder.value, sort: by, order: isDown ? "down" : "up", start, limit };
    const page = await ask("files", query);
    if (ticket === asked) show(page);
  } catch (error) {
    if (ticket === asked) fail(/** @type {Error} */ (error));
  }
  if (ticket !== asked) return;
  isAsking = false;
  if (isStale) void reload();
}

/** @param {{ Entries: Entry[], Total: number, Start: number }} page */
function show(page) {
  batch(() => {
    const before = page.Start === 0 ? [] : entries.value;
    entries.value = [...new Map([...before, ...page.Entries].map((entry) => [entry.Path, entry])).values()];
    total.value = page.Total;
    problem.value = "";
    isLoaded.value = true;
  });
}

/** @param {Error} error */
function fail(error) {
  batch(() => {
    entries.value = [];
    total.value = 0;
    problem.value = error.message;
    isLoaded.value = true;
  });
}

let isStarted = false;

/** Hear of changes from now on. The stream's first event brings the log and the folder. */
export function start() {
  if (isStarted) return;
  isStarted = true;
  listenTogether("files/stream", hear);
  void readLog();
}

/** @param {any[]} events */
function hear(events) {
  let isTouched = false;
  for (const { Type, Data } of events) {
    if (Type === "change") {
      takeChange(Data);
      isTouched ||= touches(Data);
    } else {
      isTouched = true;
      void readLog();
    }
  }
  if (!isTouched) return;
  if (isAsking) isStale = true;
  else void reload();
}

/** Whether a change is to be seen in the folder. @param {import("./log-state.js").Change} change */
function touches({ Type, Path, From }) {
  if (Type === "download" || Type === "login") return false;
  return [Path, From].some(
    (path) => path && (isBelow(path, folder.value) || path === folder.value || isBelow(folder.value, path)),
  );
}

/** @param {string} path @param {string} to */
export const rename = (path, to) => change("POST", "files/rename", { From: path, To: to });

/** @param {string} path */
export const makeFolder = (path) => change("POST", "files/folder", { Path: path });

/** Delete a file, or a folder with everything in it. @param {string} path */
export async function remove(path) {
  await change("DELETE", "files", undefined, { path, recursive: 1 });
  // The list is read anew when the stream says so; until then nobody is led to what is gone.
  const rest = entries.value.filter(({ Path }) => Path !== path);
  batch(() => {
    total.value -= entries.value.length - rest.length;
    entries.value = rest;
  });
}
