import type { Socket } from "node:net";
import type { Interceptor } from "../../wire/interceptor.ts";
import { Pipe } from "../../wire/pipe.ts";
import { printProxyHeader } from "../../wire/proxy-protocol.ts";
import type { Client } from "./house.ts";
import type { RequestEntry } from "./request-log.ts";

/** Whoever is at the near end of a tunnel. */
export type TunnelGuest = Pick<Client, "socket" | "connection" | "address" | "port" | "note" | "owns">;

/** What is done to every tunnel of a server. */
export interface TunnelManner {
  readonly rules: Interceptor;
  readonly proxyProtocol: 1 | 2 | undefined;
}

/**
 * Join a client of the proxy with its target.
 * @param words what the client is told before the target speaks
 */
export async function runTunnel(
  client: Client,
  back: Socket,
  entry: RequestEntry,
  words: string | Uint8Array,
): Promise<void> {
  const { socket, house } = client;
  // What was said to us, and not to the target.
  const early = socket.bytesRead - socket.readableLength;
  socket.write(words);
  const { proxyProtocol } = house.options;
  await joinTunnel(client, back, entry, { rules: house.rules, proxyProtocol }, early);
}

/**
 * Join two sockets for good: a half-close is a half-close, a reset a reset, and who does not read stops whoever speaks.
 * @param early how many of the guest's bytes are not for the target
 * @returns when both are gone
 */
export async function joinTunnel(
  guest: TunnelGuest,
  back: Socket,
  entry: RequestEntry,
  { rules, proxyProtocol }: TunnelManner,
  early = 0,
): Promise<void> {
  const { socket: front, connection, address, port } = guest;
  if (proxyProtocol !== undefined) {
    const destination = { address: back.remoteAddress ?? "", port: back.remotePort ?? 0 };
    back.write(printProxyHeader(proxyProtocol, { address, port }, destination));
  }
  const pipe = new Pipe(front, back);
  guest.owns(pipe);
  entry.counts = new LiveCounts(front, back, early);
  pipe.intercept(rules, { connection, remoteAddress: address, note: (event) => guest.note(event) });
  front.resume();
  back.resume();
  await pipe.closed;
  // Numbers in place of sockets, which nobody needs any more.
  const { fromClient, fromTarget } = entry.counts;
  entry.counts = { fromClient, fromTarget };
  entry.end();
}

/** What has gone through two sockets so far. */
class LiveCounts {
  readonly #front: Socket;
  readonly #back: Socket;
  readonly #early: number;

  constructor(front: Socket, back: Socket, early: number) {
    this.#front = front;
    this.#back = back;
    this.#early = early;
  }

  get fromClient(): number {
    return this.#front.bytesRead - this.#early;
  }

  get fromTarget(): number {
    return this.#back.bytesRead;
  }
}
