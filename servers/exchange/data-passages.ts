import type { Socket } from "node:net";
import { connect as connectTls, TLSSocket, type SecureContext } from "node:tls";
import type { Connection } from "../../wire/connection.ts";
import { DataRelay } from "../../wire/exchange/channels/data-relay.ts";
import { addressInCommand, addressInReply } from "../../wire/exchange/ftp-addresses.ts";
import type { Pipe, PipeWatcher } from "../../wire/pipe.ts";
import type { DataWitness, Witness } from "./relay-house.ts";

/** What the data connections of one FTP conversation need to know of it. */
export interface DataPassagesOptions {
  readonly front: Connection;
  readonly back: () => Connection | undefined;
  readonly secureContext: () => SecureContext;
  readonly witness: Witness | undefined;
}

/** Leads the data connections of FTP through us: the addresses that both sides tell each other become ours. */
export class DataPassages {
  /** PROT P was agreed upon: data connections speak TLS, which ends here (RFC 4217 section 9). */
  isPrivate = false;
  readonly #options: DataPassagesOptions;
  readonly #relays = new Set<DataRelay>();

  constructor(options: DataPassagesOptions) {
    this.#options = options;
  }

  /** The reply that the client is told instead of this one: 227 and 229. */
  async reply(text: string): Promise<string> {
    const told = addressInReply(text);
    const { front, back, witness } = this.#options;
    const server = back();
    if (!told || !server) return text;
    // The server knows its address less well than we do, who are connected to it.
    const target = { host: server.remoteAddress, port: told.address.port };
    const relay = await this.#open(localHost(front), target, true, witness?.dataListens("S"));
    return told.rewrite(relay.address);
  }

  /** The command that the server hears instead of this one: PORT and EPRT. */
  async command(text: string): Promise<string> {
    const told = addressInCommand(text);
    const server = this.#options.back();
    if (!told || !server) return text;
    const target = { host: told.address.host || this.#options.front.remoteAddress, port: told.address.port };
    const witness = this.#options.witness?.dataListens("C");
    const relay = await this.#open(localHost(server), target, false, witness);
    return told.rewrite(relay.address);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#relays].map((relay) => relay.close(true)));
  }

  async #open(
    host: string,
    target: { readonly host: string; readonly port: number },
    isClientFirst: boolean,
    witness: DataWitness | undefined,
  ): Promise<DataRelay> {
    for (const before of this.#relays) void before.close();
    const { isPrivate } = this;
    const relay = await DataRelay.open({
      host,
      target,
      isClientFirst,
      ...(isPrivate ? { secure: (socket, isServer) => this.#secure(socket, isServer) } : {}),
      opened: (pipe) => {
        witness?.opened(isPrivate);
        return witness && watch(pipe, witness);
      },
    });
    this.#relays.add(relay);
    return relay;
  }

  async #secure(socket: Socket, isServer: boolean): Promise<Socket> {
    const control = this.#options.back()?.socket;
    const session = control instanceof TLSSocket ? control.getSession() : undefined;
    const secure = isServer
      ? new TLSSocket(socket, { isServer: true, secureContext: this.#options.secureContext() })
      : connectTls({
          socket,
          rejectUnauthorized: false,
          // vsftpd wants to see the session of the control connection again (require_ssl_reuse).
          ...(session ? { session } : {}),
        });
    secure.on("error", () => {});
    await new Promise<void>((resolve, reject) => {
      secure.once(isServer ? "secure" : "secureConnect", resolve);
      secure.once("close", () => reject(new Error("the TLS handshake of the data connection failed")));
    });
    return secure;
  }
}

function localHost(connection: Connection): string {
  return (connection.socket.localAddress ?? "127.0.0.1").replace(/^::ffff:/, "");
}

function watch(pipe: Pipe, witness: DataWitness): PipeWatcher {
  for (const [socket, speaker] of [
    [pipe.front, "C"],
    [pipe.back, "S"],
  ] as const) {
    socket.once("end", () => witness.ended(speaker, "closed"));
    socket.once("close", () => {
      if (socket.errored) witness.ended(speaker, "reset");
    });
  }
  return (from, bytes) => witness.said(from === "front" ? "C" : "S", bytes);
}
