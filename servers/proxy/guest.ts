import type { Socket } from "node:net";
import { ByteReader } from "../../wire/byte-reader.ts";
import { epochMs } from "../../wire/clock.ts";
import { WireError } from "../../wire/errors.ts";
import { connectionLimitDefaults } from "../../wire/limits.ts";
import type { Guest } from "../../wire/listener.ts";
import type { Client, ProxyHouse } from "./house.ts";
import { serveHttp } from "./http-session.ts";
import { describe, RequestEntry } from "./request-log.ts";
import { serveSocks4 } from "./socks4-session.ts";
import { serveSocks5 } from "./socks5-session.ts";

/**
 * Somebody who came to the proxy. The first byte tells what is spoken: 5 and 4 are versions of SOCKS, and no request of
 * HTTP begins with either.
 */
export class ProxyGuest implements Guest, Client {
  readonly house: ProxyHouse;
  readonly socket: Socket;
  readonly reader: ByteReader;
  readonly connection: number;
  readonly address: string;
  readonly port: number;
  #deadline: NodeJS.Timeout | undefined;
  #owned: { destroy(): void } | undefined;

  constructor(socket: Socket, connection: number, house: ProxyHouse) {
    this.house = house;
    this.socket = socket;
    this.reader = new ByteReader(socket);
    this.connection = connection;
    this.address = socket.remoteAddress ?? "";
    this.port = socket.remotePort ?? 0;
    // A reset at any moment must find a listener.
    socket.on("error", () => {});
    socket.on("close", () => {
      this.deadline(false);
      this.#owned?.destroy();
    });
    socket.setTimeout(house.options.idleTimeoutMs, () => {
      this.note(`silent for ${house.options.idleTimeoutMs} ms`);
      this.destroy();
    });
    this.deadline(true);
    void this.#serve();
  }

  asks(about: Parameters<Client["asks"]>[0]): RequestEntry {
    return new RequestEntry({ ...about, clientAddress: this.address, clientPort: this.port });
  }

  settled(entry: RequestEntry): void {
    this.house.recorder.recordLate(this.connection, "*", entry, describe, epochMs());
    this.house.log.journal.add(entry);
  }

  note(event: string): void {
    this.house.recorder.record(this.connection, "*", event, epochMs());
  }

  deadline(isSet: boolean): void {
    clearTimeout(this.#deadline);
    const { handshakeTimeoutMs } = this.house.options;
    if (isSet) this.#after(handshakeTimeoutMs, `no whole request within ${handshakeTimeoutMs} ms`);
  }

  owns(other: { destroy(): void }): void {
    this.#owned = other;
    if (this.socket.destroyed) other.destroy();
  }

  part(words: string | Uint8Array): void {
    this.#after(connectionLimitDefaults.lingerMs, "did not go");
    this.socket.end(words);
    // Unread bytes would turn our FIN into a reset, and the words would be lost with it.
    this.socket.resume();
  }

  leave(): void {
    // Nothing tells where in a tunnel something ends.
    this.destroy();
  }

  destroy(): void {
    this.socket.destroy();
    this.#owned?.destroy();
  }

  #after(delayMs: number, reason: string): void {
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(() => {
      this.note(reason);
      this.destroy();
    }, delayMs);
  }

  async #serve(): Promise<void> {
    try {
      const version = await this.reader.peek();
      if (version === 5) await serveSocks5(this);
      else if (version === 4) await serveSocks4(this);
      else if (version === undefined) this.part("");
      else await serveHttp(this);
    } catch (error) {
      if (!(error instanceof WireError && error.code === "CONNECTION_LOST")) {
        this.note(error instanceof Error ? error.message : String(error));
      }
      this.destroy();
    }
  }
}
