import { debuglog } from "node:util";
import type { MailboxEvent } from "../../mailbox.ts";

const debug = debuglog("portside:smtp");

type Listener = (event: MailboxEvent) => void;

/**
 * Those who hear of changes. Every listener hears every event in the order in which they happened, even when one of
 * them makes another change while it listens; one that throws is told to `NODE_DEBUG=portside:smtp` and disturbs
 * neither the mailbox nor the others.
 */
export class Watchers {
  readonly #listeners = new Set<{ readonly hear: Listener }>();
  readonly #events: MailboxEvent[] = [];
  #isTelling = false;

  /** Add a listener; the result takes it away. */
  add(hear: Listener): () => void {
    const listener = { hear };
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  tell(event: MailboxEvent): void {
    if (this.#listeners.size === 0) return;
    this.#events.push(event);
    if (this.#isTelling) return;
    this.#isTelling = true;
    for (let next = this.#events.shift(); next; next = this.#events.shift()) this.#tellAll(next);
    this.#isTelling = false;
  }

  clear(): void {
    this.#listeners.clear();
  }

  #tellAll(event: MailboxEvent): void {
    // A copy: who starts to listen during an event hears the next one.
    const listeners = Array.from(this.#listeners);
    for (const listener of listeners) {
      if (!this.#listeners.has(listener)) continue;
      try {
        listener.hear(event);
      } catch (error) {
        debug("a listener of the mailbox threw: %o", error);
      }
    }
  }
}
