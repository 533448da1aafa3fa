import type { RemoteInfo } from "node:dgram";
import { isIPv6 } from "node:net";
import { type DatagramListener, listenForDatagrams } from "../../wire/datagrams.ts";
import { hostPortText } from "../../wire/ip-address.ts";
import {
  parseSocksDatagram,
  printSocks5Message,
  printSocksDatagram,
  type SocksEndpoint,
  socksReplies,
} from "../../wire/socks.ts";
import { plainAddress } from "./access.ts";
import type { Client } from "./house.ts";
import { Refusal } from "./refusal.ts";
import type { RequestEntry } from "./request-log.ts";

/** Names and targets that one association may have at most; of more, nothing is sent. */
const maxTargets = 1_000;

/**
 * UDP ASSOCIATE (RFC 1928 section 7): datagrams of the client go to their targets, and what those answer comes back. It
 * lives as long as the connection on which it was asked for.
 */
export async function runUdpAssociation(client: Client, said: SocksEndpoint, user: string): Promise<void> {
  const { socket } = client;
  const entry = client.asks({ protocol: "socks5 udp", host: "", port: 0, user });
  const association = new UdpAssociation(client, said, entry);
  const gone = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  client.owns(association);
  const endpoint = await association.open();
  client.settled(entry);
  socket.write(printSocks5Message(socksReplies.succeeded, endpoint));
  // Nothing more is said on this connection; its end is the association's.
  socket.on("end", () => socket.end());
  socket.resume();
  await gone;
  entry.end();
}

class UdpAssociation {
  readonly #client: Client;
  readonly #entry: RequestEntry;
  /** 0 until the client's first datagram, when it did not say. */
  #clientPort: number;
  #front: DatagramListener | undefined;
  /** Towards the targets, one for each family. */
  readonly #backs = new Map<4 | 6, Promise<DatagramListener>>();
  /** Where the client has sent something: only from there something comes back. */
  readonly #targets = new Set<string>();
  /** The addresses of names, looked up once. */
  readonly #names = new Map<string, Promise<string>>();
  #fromClient = 0;
  #fromTarget = 0;
  #isClosed = false;

  constructor(client: Client, { port }: SocksEndpoint, entry: RequestEntry) {
    this.#client = client;
    this.#entry = entry;
    // The address it says is often wrong behind a NAT; the connection's is the one that counts.
    this.#clientPort = port;
  }

  /** @returns where the client sends its datagrams */
  async open(): Promise<SocksEndpoint> {
    const host = this.#client.socket.localAddress ?? "127.0.0.1";
    const front = await listenForDatagrams({ host: plainAddress(host) }, (bytes, from) =>
      this.#hear(bytes, from),
    );
    this.#front = front;
    if (this.#isClosed) await front.close();
    this.#entry.counts = this.#counts(this);
    return { host: front.host, port: front.port };
  }

  destroy(): void {
    this.#isClosed = true;
    void this.#front?.close();
    for (const back of this.#backs.values()) void back.then((one) => one.close());
  }

  #counts(of: UdpAssociation): RequestEntry["counts"] {
    return {
      get fromClient() {
        return of.#fromClient;
      },
      get fromTarget() {
        return of.#fromTarget;
      },
    };
  }

  #hear(bytes: Buffer, from: RemoteInfo): void {
    // Nobody else may send through it: another address, or another program there.
    if (plainAddress(from.address) !== plainAddress(this.#client.address)) return;
    if (this.#clientPort === 0) this.#clientPort = from.port;
    if (from.port !== this.#clientPort) return;
    const datagram = parseSocksDatagram(bytes);
    // Fragments may be dropped by who does not put them together (section 7).
    if (!datagram || datagram.fragment !== 0) return;
    this.#stir();
    this.#fromClient += datagram.payload.length;
    const { endpoint, payload } = datagram;
    this.#client.house.datagramFaults.pass("client", () => {
      this.#send(endpoint, payload).catch((error: unknown) => {
        this.#client.note(error instanceof Refusal ? error.message : `a datagram was lost: ${String(error)}`);
      });
    });
  }

  async #send(endpoint: SocksEndpoint, payload: Buffer): Promise<void> {
    const address = await this.#addressOf(endpoint);
    const back = await this.#back(isIPv6(address) ? 6 : 4);
    const target = hostPortText(address, endpoint.port);
    if (this.#isClosed || (!this.#targets.has(target) && this.#targets.size >= maxTargets)) return;
    this.#targets.add(target);
    back.send(payload, endpoint.port, address);
  }

  #addressOf(endpoint: SocksEndpoint): Promise<string> {
    const { route } = this.#client.house;
    const key = hostPortText(endpoint.host, endpoint.port);
    const known = this.#names.get(key);
    if (known) return known;
    const found = route.addresses(endpoint).then((addresses) => addresses[0]!);
    if (this.#names.size < maxTargets) this.#names.set(key, found);
    return found;
  }

  #back(family: 4 | 6): Promise<DatagramListener> {
    let back = this.#backs.get(family);
    if (back) return back;
    const host = family === 6 ? "::" : "0.0.0.0";
    back = listenForDatagrams({ host }, (bytes, from) => this.#return(bytes, from));
    this.#backs.set(family, back);
    if (this.#isClosed) void back.then((one) => one.close());
    return back;
  }

  #return(payload: Buffer, from: RemoteInfo): void {
    if (!this.#targets.has(hostPortText(from.address, from.port))) return;
    this.#stir();
    this.#fromTarget += payload.length;
    const { address: host, port } = from;
    this.#client.house.datagramFaults.pass("target", () => {
      this.#front?.send(
        printSocksDatagram({ host, port }, payload),
        this.#clientPort,
        plainAddress(this.#client.address),
      );
    });
  }

  /** Datagrams are life of the connection too. */
  #stir(): void {
    this.#client.socket.setTimeout(this.#client.house.options.idleTimeoutMs);
  }
}
