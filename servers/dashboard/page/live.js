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
 */
export function listen(path, hear) {
  const source = new EventSource(apiUrl(path));
  /** @type {any[]} */
  let burst = [];
  source.addEventListener("open", () => (isLive.value = true));
  source.addEventListener("error", () => (isLive.value = false));
  source.addEventListener("message", (message) => {
    burst.push(JSON.parse(message.data));
    if (burst.length > 1) return;
    setTimeout(() => {
      const events = burst;
      burst = [];
      hear(events);
    }, burstMs);
  });
  // A page that is kept to come back to holds no connection.
  addEventListener("pagehide", () => source.close());
  addEventListener("pageshow", (event) => event.persisted && location.reload());
}
