import { setTimeout as delay } from "node:timers/promises";
import { WireError } from "../../wire/errors.ts";
import type { RespValue } from "../../wire/resp.ts";
import type { StoreLine } from "./line.ts";

type Listener = (message: string) => void;

interface Retries {
  readonly retryDelayMs: number;
  readonly maxRetryDelayMs: number;
}

/** Channels that are listened to, over one connection of their own, which is made again when it is lost. */
export class Subscriptions {
  readonly #dial: () => Promise<StoreLine>;
  readonly #retries: Retries;
  readonly #listeners = new Map<string, Set<Listener>>();
  /** Who waits until a channel is confirmed. */
  readonly #confirming = new Map<string, (() => void)[]>();
  #line: Promise<StoreLine> | undefined;
  readonly #closing = new AbortController();

  constructor(dial: () => Promise<StoreLine>, retries: Retries) {
    this.#dial = dial;
    this.#retries = retries;
  }

  /** @returns what ends it; resolved when the store has confirmed it */
  async add(channel: string, listener: Listener): Promise<() => Promise<void>> {
    if (this.#closing.signal.aborted) throw new WireError("CONNECTION_LOST", "the client was closed");
    const line = await (this.#line ??= this.#open());
    const own: Listener = (message) => listener(message);
    const known = this.#listeners.get(channel);
    if (known) known.add(own);
    else {
      this.#listeners.set(channel, new Set([own]));
      await this.#confirmed(line, channel);
    }
    return async () => {
      const listeners = this.#listeners.get(channel);
      listeners?.delete(own);
      if (listeners?.size !== 0) return;
      this.#listeners.delete(channel);
      (await this.#line)?.send(["UNSUBSCRIBE", channel]);
    };
  }

  close(): void {
    this.#closing.abort();
    this.#listeners.clear();
    this.#line?.then(
      (line) => line.close(),
      () => {},
    );
  }

  async #open(): Promise<StoreLine> {
    try {
      const line = await this.#dial();
      line.pushed = (message) => this.#hear(message);
      line.gone = () => void this.#again();
      return line;
    } catch (error) {
      this.#line = undefined;
      throw error;
    }
  }

  #confirmed(line: StoreLine, channel: string): Promise<void> {
    return new Promise((resolve) => {
      const waiting = this.#confirming.get(channel);
      if (waiting) waiting.push(resolve);
      else this.#confirming.set(channel, [resolve]);
      line.send(["SUBSCRIBE", channel]);
    });
  }

  /** The connection was lost: make it again, and everything that was listened to. */
  async #again(): Promise<void> {
    this.#line = undefined;
    let waitMs = this.#retries.retryDelayMs;
    const { signal } = this.#closing;
    while (!signal.aborted && this.#listeners.size > 0) {
      await delay(waitMs, undefined, { signal, ref: false }).catch(() => {});
      if (signal.aborted) return;
      try {
        const line = await (this.#line ??= this.#open());
        line.send(["SUBSCRIBE", ...this.#listeners.keys()]);
        return;
      } catch {
        waitMs = Math.min(waitMs * 2, this.#retries.maxRetryDelayMs);
      }
    }
  }

  #hear(message: RespValue): void {
    if (message.type !== "array" && message.type !== "push") return;
    const [kind, channel, said] = message.items;
    if (kind?.type !== "bulk" || channel?.type !== "bulk") return;
    if (kind.text === "subscribe") {
      for (const confirm of this.#confirming.get(channel.text) ?? []) confirm();
      this.#confirming.delete(channel.text);
    } else if (kind.text === "message" && said?.type === "bulk")
      for (const listener of this.#listeners.get(channel.text) ?? []) listener(said.text);
  }
}
