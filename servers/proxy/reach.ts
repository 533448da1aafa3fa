import type { SocksEndpoint } from "../../wire/socks.ts";
import type { Client } from "./house.ts";
import { type Refusal, refusalOf } from "./refusal.ts";
import type { RequestEntry } from "./request-log.ts";
import type { Reached } from "./route.ts";

/** Write down that a request is refused. @returns the refusal */
export function refused(client: Client, entry: RequestEntry, refusal: Refusal): Refusal {
  entry.refusal = refusal.message;
  entry.end();
  client.settled(entry);
  return refusal;
}

/** Reach the target of a request, and write down whether it could be. */
export async function reach(
  client: Client,
  entry: RequestEntry,
  target: SocksEndpoint,
  dial: (target: SocksEndpoint) => Promise<Reached> = (to) => client.house.route.reach(to),
): Promise<Reached | Refusal> {
  try {
    const reached = await dial(target);
    // Whoever waits for the target may be gone.
    client.owns(reached.socket);
    entry.address = reached.address;
    client.settled(entry);
    return reached;
  } catch (error) {
    return refused(client, entry, refusalOf(error));
  }
}
