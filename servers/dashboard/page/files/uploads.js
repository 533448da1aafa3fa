import { signal } from "@preact/signals";
import { apiUrl } from "../api.js";
import { join } from "./paths.js";

/**
 * @typedef {object} Upload
 * @property {number} id
 * @property {File} file
 * @property {string} path Where it goes.
 * @property {number} sent Bytes so far.
 * @property {"waiting" | "running" | "taken" | "failed" | "done"} state `taken`: a file of that name is there.
 * @property {boolean} isReplacing Whether the reader said that it may replace a file.
 * @property {string} why Why it failed.
 */

/** What is being uploaded from here, in order. @type {import("@preact/signals").Signal<Upload[]>} */
export const uploads = signal([]);

/** Those that are done stay so long, to be seen. */
const doneStaysMs = 2500;
let lastId = 0;
/** @type {XMLHttpRequest | undefined} */
let running;

/**
 * Upload files into a folder, one after the other.
 * @param {string} folder @param {{ file: File, name: string }[]} files `name` may have folders before it
 */
export function upload(folder, files) {
  uploads.value = [
    ...uploads.value,
    ...files.map(({ file, name }) => ({
      id: ++lastId,
      file,
      path: join(folder, name),
      sent: 0,
      state: /** @type {const} */ ("waiting"),
      isReplacing: false,
      why: "",
    })),
  ];
  next();
}

/** Replace the file that is there. @param {number} id */
export function replace(id) {
  set(id, { state: "waiting", isReplacing: true });
  next();
}

/** Stop it, or take it from the list. @param {number} id */
export function dismiss(id) {
  const one = uploads.value.find((other) => other.id === id);
  if (one?.state === "running") running?.abort();
  uploads.value = uploads.value.filter((other) => other.id !== id);
}

function next() {
  if (running) return;
  const one = uploads.value.find(({ state }) => state === "waiting");
  if (one) void send(one);
}

/** @param {number} id @param {Partial<Upload>} what */
function set(id, what) {
  uploads.value = uploads.value.map((one) => (one.id === id ? { ...one, ...what } : one));
}

/** @param {Upload} one */
async function send({ id, file, path, isReplacing }) {
  set(id, { state: "running", sent: 0 });
  const { status, text } = await put(file, path, isReplacing, (sent) => set(id, { sent }));
  running = undefined;
  if (status === 200 || status === 201) finish(id, file.size);
  else if (status === 409 && text.startsWith("EEXIST")) set(id, { state: "taken" });
  else set(id, { state: "failed", why: text || "The server does not answer." });
  next();
}

/** @param {number} id @param {number} sent */
function finish(id, sent) {
  set(id, { state: "done", sent });
  setTimeout(() => dismiss(id), doneStaysMs);
}

/**
 * By XMLHttpRequest, because `fetch` tells no progress.
 * @param {File} file @param {string} path @param {boolean} isReplacing @param {(sent: number) => void} progress
 * @returns {Promise<{ status: number, text: string }>}
 */
function put(file, path, isReplacing, progress) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    running = request;
    request.upload.addEventListener("progress", ({ loaded }) => progress(loaded));
    request.addEventListener("loadend", () =>
      resolve({ status: request.status, text: request.responseText }),
    );
    request.open("PUT", apiUrl("files/content", { path, ...(isReplacing ? {} : { new: 1 }) }));
    request.send(file);
  });
}
