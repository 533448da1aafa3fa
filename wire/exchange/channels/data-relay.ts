import { connect, type Socket } from "node:net";
import { listen, type Listener } from "../../listener.ts";
import { Pipe, type PipeWatcher } from "../../pipe.ts";
import type { Address } from "../address.ts";

/** What stands between the two ends of a secondary connection. */
export interface DataRelayOptions {
  /** Where to listen. @default "127.0.0.1" */
  readonly host?: string;
  /** Where the other end listens; dialled when somebody has come. */
  readonly target: Address;
  /** Whether whoever comes in is the client of the conversation, as with PASV; with PORT it is the server. */
  readonly isClientFirst: boolean;
  /** Prepares both sockets, each when it is connected: a TLS handshake. */
  readonly secure?: (socket: Socket, isServer: boolean) => Promise<Socket>;
  /** Both ends are there. */
  readonly opened?: (pipe: Pipe) => PipeWatcher | undefined | void;
  /** Does it all instead. */
  readonly instead?: (socket: Socket) => void;
}

/** A listener for one secondary connection, such as FTP's data connections, that leads on to where it should go. */
export class DataRelay {
  readonly address: Address;
  readonly #listener: Listener;
  readonly #sockets: Set<Socket>;
  #isTaken = false;

  constructor(listener: Listener, sockets: Set<Socket>) {
    this.#listener = listener;
    this.#sockets = sockets;
    this.address = { host: listener.host, port: listener.port };
  }

  /** @throws WireError CONNECT_FAILED when it cannot listen */
  static async open(options: DataRelayOptions): Promise<DataRelay> {
    const sockets = new Set<Socket>();
    let relay: DataRelay | undefined;
    const listener = await listen({ host: options.host ?? "127.0.0.1" }, (socket) => {
      const destroy = (): void => void socket.destroy();
      socket.on("error", () => {});
      if (!relay || relay.#isTaken) destroy();
      else relay.#take(socket, options);
      return { leave: () => {}, destroy };
    });
    return (relay = new DataRelay(listener, sockets));
  }

  /** Nobody may come any more; who is there goes on, unless `isAtOnce`. */
  async close(isAtOnce = false): Promise<void> {
    this.#isTaken = true;
    if (isAtOnce) for (const socket of this.#sockets) socket.destroy();
    await this.#listener.close({ graceMs: isAtOnce ? 0 : 600_000 });
  }

  #take(socket: Socket, options: DataRelayOptions): void {
    void this.close();
    this.#keep(socket);
    if (options.instead) options.instead(socket);
    else void this.#join(socket, options).catch(() => socket.destroy());
  }

  async #join(socket: Socket, { target, isClientFirst, secure, opened }: DataRelayOptions): Promise<void> {
    const onward = connect({ ...target, allowHalfOpen: true, noDelay: true });
    this.#keep(onward);
    onward.on("error", () => {});
    await new Promise<void>((resolve, reject) => {
      onward.once("connect", resolve);
      onward.once("close", () => reject(new Error(`nobody at ${target.host}:${target.port}`)));
    });
    const [front, back] = isClientFirst ? [socket, onward] : [onward, socket];
    // In FTP the client begins the handshake, whoever connected (RFC 4217 section 7).
    const ends = secure ? await Promise.all([secure(front, true), secure(back, false)]) : [front, back];
    let watch: PipeWatcher | undefined;
    const pipe = new Pipe(ends[0]!, ends[1]!, (from, bytes) => watch?.(from, bytes));
    watch = opened?.(pipe) ?? undefined;
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
  }
}
