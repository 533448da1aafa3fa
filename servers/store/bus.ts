import type { Bus } from "../../wire/bus.ts";
import { decodeResp, type RespValue } from "../../wire/resp.ts";
import { busOver } from "../../wire/resp-bus.ts";
import type { Client } from "./client.ts";
import { Engine } from "./engine.ts";
import { Journal } from "./journal.ts";
import { resolveStoreOptions, type StoreOptions } from "./options.ts";
import { error } from "./reply.ts";

/** What of a store's options matters without a socket. */
export type BusOptions = Pick<
  StoreOptions,
  | "folder"
  | "fsync"
  | "rewriteFactor"
  | "minRewriteBytes"
  | "onTornTail"
  | "maxMemoryBytes"
  | "evictionPolicy"
>;

/**
 * Open a bus of this process: a store of its own, without a socket.
 * @throws WireError PROTOCOL_VIOLATION for a file that is none
 */
export function openBus(options: BusOptions = {}): Bus {
  const engine = new Engine(resolveStoreOptions(options));
  if (options.folder !== undefined) {
    const tornTail = Journal.open(engine, options.folder);
    if (tornTail) options.onTornTail?.(tornTail);
  }
  return busWithin(engine, async () => {
    await engine.journal?.close();
  });
}

/** A bus within a store that is there already. */
export function busWithin(engine: Engine, whenClosed: () => Promise<void>): Bus {
  const own = engine.connect();
  const guests = new Set<Client>();
  const enter = (push?: (text: string) => void): Client => {
    const nobody = { remoteAddress: "", remotePort: 0, localAddress: "", destroy: () => {} };
    const client = engine.connect(push && { ...nobody, push });
    client.isAuthenticated = true;
    guests.add(client);
    return client;
  };
  const leave = (client: Client): void => {
    guests.delete(client);
    engine.disconnect(client);
  };
  own.isAuthenticated = true;
  const call = async (client: Client, words: readonly string[]): Promise<RespValue> => {
    const answer = await engine.call(client, words);
    engine.journal?.settle();
    return decodeResp(answer)!.value;
  };
  let closing: Promise<void> | undefined;
  return busOver({
    call: (words) => call(own, words),
    wait: async (words, signal) => {
      const client = enter();
      const giveUp = (): void => client.unblock?.();
      signal?.addEventListener("abort", giveUp);
      try {
        return await call(client, words);
      } finally {
        signal?.removeEventListener("abort", giveUp);
        leave(client);
      }
    },
    subscribe: async (channel, listener) => {
      const client = enter((text) => {
        const message = decodeResp(text)!.value;
        const said = message.type === "array" ? message.items[2] : undefined;
        // As over a socket: who publishes goes on before those who listen begin.
        if (said?.type === "bulk") queueMicrotask(() => guests.has(client) && listener(said.text));
      });
      await call(client, ["SUBSCRIBE", channel]);
      return async () => leave(client);
    },
    close: () =>
      (closing ??= (async () => {
        for (const client of guests) {
          client.unblock?.(error("ERR the bus was closed"));
          leave(client);
        }
        engine.disconnect(own);
        await whenClosed();
      })()),
  });
}
