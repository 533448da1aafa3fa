/* oxlint-disable unicorn/require-post-message-target-origin -- a BroadcastChannel is of one origin and takes no target */
import { signal } from "@preact/signals";
import { apiUrl } from "./api.js";

/** Whether the server's events reach us. */
export const isLive = signal(false);

/** Bursts are handed over together: a thousand mails in a second redraw the list ten times, not a thousand. */
const burstMs = 100;

/**
 * Hear of every event of a stream, in bursts. The browser reconnects by itself and says what it saw last.
 * @param {string} path
 * @param {(events: any[]) => void} hear
 * @returns {() => void} stops it
 */
export function listen(path, hear) {
  let isStopped = false;
  // What is not handed over when it stops is asked for again by whoever listens next.
  const take = inBursts((events) => !isStopped && hear(events));
  const close = open(path, "", ({ data }) => data && take(data));
  return () => {
    isStopped = true;
    close();
  };
}

/**
 * The same, for a stream that every tab of the browser listens to: one of them holds it and tells the others, because
 * a browser opens six connections to a server, all tabs together. When that tab is closed, the next one takes over
 * where it stopped.
 * @param {string} path
 * @param {(events: any[]) => void} hear
 */
export function listenTogether(path, hear) {
  const name = `${document.baseURI.replace(/[?#].*$/s, "")}${path}`;
  const channel = new BroadcastChannel(name);
  const take = inBursts(hear);
  let last = "";
  let isHolder = false;
  /** @param {Told} told */
  const told = ({ data, id, isOpen }) => {
    isLive.value = isOpen;
    last = id || last;
    if (data) take(data);
  };
  channel.addEventListener("message", ({ data }) => {
    if (data !== "how is it?") told(data);
    else if (isHolder) channel.postMessage({ isOpen: isLive.value, id: last });
  });
  const hold = () => {
    isHolder = true;
    open(path, last, (news) => {
      told(news);
      channel.postMessage(news);
    });
    // Held until the tab is closed.
    return new Promise(() => {});
  };
  channel.postMessage("how is it?");
  // Only pages of https and of localhost have locks; others have a stream each.
  if (navigator.locks) void navigator.locks.request(name, hold);
  else void hold();
}

/** @typedef {{ isOpen: boolean, id?: string, data?: string }} Told What a stream has to say. */

/**
 * @param {string} path
 * @param {string} after where to read on
 * @param {(told: Told) => void} tell
 */
function open(path, after, tell) {
  const source = new EventSource(apiUrl(path, after ? { after } : {}));
  source.addEventListener("open", () => tell({ isOpen: true }));
  source.addEventListener("error", () => tell({ isOpen: false }));
  source.addEventListener("message", ({ data, lastEventId }) =>
    tell({ isOpen: true, id: lastEventId, data }),
  );
  return () => source.close();
}

/** @param {(events: any[]) => void} hear @returns {(data: string) => void} */
function inBursts(hear) {
  /** @type {any[]} */
  let burst = [];
  return (data) => {
    burst.push(JSON.parse(data));
    if (burst.length > 1) return;
    setTimeout(() => {
      const events = burst;
      burst = [];
      hear(events);
    }, burstMs);
  };
}
