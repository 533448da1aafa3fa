import { WireError } from "../../wire/errors.ts";
import type { RespValue } from "../../wire/resp.ts";
import { StoreLine } from "./line.ts";
import { addressOf, type StoreAddress, storeClientDefaults, type StoreClientOptions } from "./options.ts";
import { Subscriptions } from "./subscriptions.ts";

/** A client of a store: ours, Redis or Valkey. Words and replies are byte strings, one character for each byte. */
export interface StoreClient extends AsyncDisposable {
  /**
   * Give a command. Those of one turn of the event loop leave together.
   * @returns the reply; an error reply is one too
   * @throws WireError CONNECTION_LOST when it is not known whether it was done; the next call connects again
   */
  call(...words: readonly string[]): Promise<RespValue>;
  /**
   * Give a command that waits, on a connection that nobody else uses. `signal` ends it by ending the connection; the
   * reply is a null then.
   */
  wait(words: readonly string[], signal?: AbortSignal): Promise<RespValue>;
  /**
   * Listen to a channel, also after the connection was lost and made again.
   * @returns what ends it
   */
  subscribe(channel: string, listener: (message: string) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** Connections that wait for the next command that waits. */
const maxSpare = 8;

/**
 * Connect to a store.
 * @throws WireError CONNECT_FAILED, TIMED_OUT; REPLY_UNEXPECTED for a wrong password; TypeError for a wrong URL
 */
export async function connectStore(options: StoreClientOptions = {}): Promise<StoreClient> {
  const resolved = { ...storeClientDefaults, ...options };
  const address = addressOf(resolved);
  const dial = (): Promise<StoreLine> => StoreLine.dial(address, resolved.connectTimeoutMs);
  const lines = new Lines(address, dial);
  const subscriptions = new Subscriptions(dial, resolved);
  await lines.main();
  const close = async (): Promise<void> => {
    lines.close();
    subscriptions.close();
  };
  return {
    call: async (...words) => await (await lines.main()).call(words),
    wait: (words, signal) => lines.wait(words, signal),
    subscribe: (channel, listener) => subscriptions.add(channel, listener),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** One connection for what is answered at once, and one for each command that waits. */
class Lines {
  readonly #address: StoreAddress;
  readonly #dial: () => Promise<StoreLine>;
  #main: Promise<StoreLine> | undefined;
  readonly #spare: StoreLine[] = [];
  readonly #busy = new Set<StoreLine>();
  #isClosed = false;

  constructor(address: StoreAddress, dial: () => Promise<StoreLine>) {
    this.#address = address;
    this.#dial = dial;
  }

  async main(): Promise<StoreLine> {
    if (this.#isClosed)
      throw new WireError("CONNECTION_LOST", `to ${this.#address.name}: the client was closed`);
    const main = (this.#main ??= this.#dial());
    try {
      const line = await main;
      if (!line.isGone) return line;
    } catch (error) {
      if (this.#main === main) this.#main = undefined;
      throw error;
    }
    if (this.#main === main) this.#main = undefined;
    return await this.main();
  }

  async wait(words: readonly string[], signal?: AbortSignal): Promise<RespValue> {
    let line = this.#spare.pop();
    while (line?.isGone) line = this.#spare.pop();
    line ??= await this.#dial();
    if (this.#isClosed || signal?.aborted) line.close();
    const giveUp = (): void => line.close();
    signal?.addEventListener("abort", giveUp);
    this.#busy.add(line);
    try {
      return await line.call(words);
    } catch (error) {
      if (signal?.aborted) return { type: "null" };
      throw error;
    } finally {
      signal?.removeEventListener("abort", giveUp);
      this.#busy.delete(line);
      if (this.#isClosed || this.#spare.length >= maxSpare) line.close();
      else if (!line.isGone) this.#spare.push(line);
    }
  }

  close(): void {
    this.#isClosed = true;
    for (const line of [...this.#spare, ...this.#busy]) line.close();
    // One that is being made is closed when it is there.
    this.#main?.then(
      (line) => line.close(),
      () => {},
    );
  }
}
