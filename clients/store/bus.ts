import type { Bus } from "../../wire/bus.ts";
import { busOver } from "../../wire/resp-bus.ts";
import { connectStore } from "./client.ts";
import type { StoreClientOptions } from "./options.ts";

/**
 * Open a bus that other processes and machines share: over Redis, Valkey or our own store.
 * @throws WireError CONNECT_FAILED, TIMED_OUT; REPLY_UNEXPECTED for a wrong password
 */
export async function connectBus(options: StoreClientOptions = {}): Promise<Bus> {
  const client = await connectStore(options);
  return busOver({
    call: (words) => client.call(...words),
    wait: (words, signal) => client.wait(words, signal),
    subscribe: (channel, listener) => client.subscribe(channel, listener),
    close: () => client.close(),
  });
}
