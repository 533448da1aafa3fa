import { isIP } from "node:net";
import { Connection, type ConnectionOwner } from "../../../wire/connection.ts";
import { dialSocket } from "../../../wire/dial.ts";
import { maxLineBytes, maxTagBytes } from "../../../wire/irc.ts";
import { LineCutter } from "../../../wire/lines.ts";
import { connectWebSocket } from "../connect.ts";
import type { ResolvedChatClientOptions } from "./options.ts";

/** What lines go over: a TCP connection, or a WebSocket. */
export interface Carrier {
  /** Say a line; nothing is said when the connection is gone. */
  send(line: string): void;
  /** End it at once. */
  destroy(): void;
}

/** Who hears what a carrier brings. */
export interface CarrierOwner {
  heard(line: string): void;
  /** It is over, once. */
  ended(): void;
}

/**
 * Open one by the scheme of the URL.
 * @throws WireError CONNECT_FAILED, TIMED_OUT, TLS_FAILED; TypeError for a URL of something else
 */
export async function openCarrier(options: ResolvedChatClientOptions, owner: CarrierOwner): Promise<Carrier> {
  const url = URL.parse(options.url);
  switch (url?.protocol) {
    case "irc:":
    case "ircs:":
      return await openTcp(url, options, owner);
    case "ws:":
    case "wss:":
      return await openWebSocket(options, owner);
    default:
      throw new TypeError(`connectChat: ${options.url} is no irc://, ircs://, ws:// or wss:// URL`);
  }
}

async function openTcp(url: URL, options: ResolvedChatClientOptions, owner: CarrierOwner): Promise<Carrier> {
  const isSecure = url.protocol === "ircs:";
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const port = Number(url.port || (isSecure ? 6697 : 6667));
  const lines = new TcpLines(owner);
  const socket = await dialSocket({ host, port }, options.connectTimeoutMs);
  const connection = new Connection(socket, lines);
  if (isSecure)
    await connection.startTls({
      ...(isIP(host) === 0 ? { servername: host } : { host }),
      ...(options.ca === undefined ? {} : { ca: options.ca }),
    });
  return {
    send: (line) => {
      if (connection.isClosed) return;
      connection.say(`${line}\r\n`);
      queueMicrotask(() => connection.flush());
    },
    destroy: () => connection.destroy(),
  };
}

/** Cuts bytes into lines. */
class TcpLines implements ConnectionOwner {
  readonly #owner: CarrierOwner;
  readonly #cutter = new LineCutter(maxTagBytes + maxLineBytes);
  #rest: Buffer = Buffer.alloc(0);

  constructor(owner: CarrierOwner) {
    this.#owner = owner;
  }

  received(bytes: Buffer): void {
    const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    let at = 0;
    for (let line = this.#cutter.cut(all, at); line; line = this.#cutter.cut(all, at)) {
      at = this.#cutter.end;
      this.#owner.heard(line.text);
    }
    this.#rest = all.subarray(this.#cutter.end);
  }

  ended(): void {
    this.#owner.ended();
  }

  drained(): void {}

  closed(): void {
    this.#owner.ended();
  }
}

async function openWebSocket(options: ResolvedChatClientOptions, owner: CarrierOwner): Promise<Carrier> {
  const client = await connectWebSocket(options.url, {
    subprotocols: ["text.ircv3.net"],
    connectTimeoutMs: options.connectTimeoutMs,
    // Both sides of IRC ask one another whether they are there.
    pingIntervalMs: 0,
    ...(options.ca === undefined ? {} : { ca: options.ca }),
  });
  void (async () => {
    try {
      for await (const message of client) owner.heard(String(message));
    } catch {
      // Lost, and whoever owns it will do something about it.
    }
    owner.ended();
  })();
  return {
    send: (line) => {
      if (client.isOpen) client.send(line);
    },
    destroy: () => void client.destroy(),
  };
}
