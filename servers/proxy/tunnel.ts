import type { Socket } from "node:net";
import { Pipe } from "../../wire/pipe.ts";
import { printProxyHeader } from "../../wire/proxy-protocol.ts";
import type { Client } from "./house.ts";
import type { RequestEntry } from "./request-log.ts";

/**
 * Join a client with its target for good: a half-close is a half-close, a reset a reset, and who does not read stops
 * whoever speaks. The rules of the proxy stand in it.
 * @param words what the client is told before the target speaks
 */
export async function runTunnel(
  client: Client,
  back: Socket,
  entry: RequestEntry,
  words: string | Uint8Array,
): Promise<void> {
  const { house, socket: front, connection, address } = client;
  const { proxyProtocol } = house.options;
  // What was said to us, and not to the target.
  const early = front.bytesRead - client.reader.heldBytes;
  client.reader.release();
  if (words.length > 0) front.write(words);
  if (proxyProtocol !== undefined) {
    const destination = { address: back.remoteAddress ?? "", port: back.remotePort ?? 0 };
    back.write(printProxyHeader(proxyProtocol, { address, port: client.port }, destination));
  }
  const pipe = new Pipe(front, back);
  client.owns(pipe);
  entry.counts = {
    get fromClient() {
      return front.bytesRead - early;
    },
    get fromTarget() {
      return back.bytesRead;
    },
  };
  pipe.intercept(house.rules, { connection, remoteAddress: address, note: (event) => client.note(event) });
  front.resume();
  back.resume();
  await pipe.closed;
  const { fromClient, fromTarget } = entry.counts;
  entry.counts = { fromClient, fromTarget };
  entry.end();
}
