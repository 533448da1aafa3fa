/**
 * How the next data connection will come: to a passive port (PASV, EPSV), or from us to where the client listens (PORT,
 * EPRT). A channel brings one connection. With PROT P its TLS handshake begins the moment the connection is there:
 * clients differ in whether they shake hands before or after the 150.
 */
import { connect, type Socket } from "node:net";
import { type SecureContext, TLSSocket } from "node:tls";
import { WireError } from "../../wire/errors.ts";
import { isSameHost } from "./host-port.ts";
import type { HostPort } from "./host-port.ts";
import type { PassivePort } from "./passive-ports.ts";

export interface ChannelOptions {
  /** With PROT P: what TLS is spoken with; asked for when the connection comes. */
  readonly secureContext: () => SecureContext | undefined;
  /** How long the connection may take to come. */
  readonly connectTimeoutMs: number;
  /** Silence after which it is destroyed. */
  readonly idleTimeoutMs: number;
}

export interface DataChannel {
  /**
   * The connection; waited for, or dialled.
   * @throws WireError CONNECT_FAILED, TIMED_OUT; CONNECTION_LOST when it was closed meanwhile
   */
  open(): Promise<Socket>;
  /** No connection is wanted any more; one that is there is destroyed. */
  close(): void;
}

/** Waits at a passive port for the client's address, or for anybody; everybody else is sent away. */
export class PassiveChannel implements DataChannel {
  readonly #port: PassivePort;
  readonly #options: ChannelOptions;
  #arrived: Socket | undefined;
  #wanted:
    | { readonly resolve: (socket: Socket) => void; readonly reject: (error: Error) => void }
    | undefined;
  #isReleased = false;

  constructor(port: PassivePort, peer: string | undefined, options: ChannelOptions) {
    this.#port = port;
    this.#options = options;
    port.accept = (socket) => {
      if (peer === undefined || isSameHost(socket.remoteAddress ?? "", peer)) this.#arrive(socket);
      else socket.destroy();
    };
  }

  #arrive(socket: Socket): void {
    this.#release(true);
    this.#arrived = dataSocket(socket, this.#options);
    this.#wanted?.resolve(this.#arrived);
  }

  async open(): Promise<Socket> {
    if (this.#arrived) return this.#arrived;
    const { connectTimeoutMs } = this.#options;
    const late = setTimeout(() => {
      this.#release(false);
      this.#wanted?.reject(new WireError("TIMED_OUT", `no data connection in ${connectTimeoutMs} ms`));
    }, connectTimeoutMs);
    try {
      return await new Promise<Socket>((resolve, reject) => (this.#wanted = { resolve, reject }));
    } finally {
      clearTimeout(late);
    }
  }

  close(): void {
    this.#release(false);
    this.#arrived?.destroy();
    this.#wanted?.reject(new WireError("CONNECTION_LOST", "the data connection is not wanted any more"));
  }

  #release(isUsed: boolean): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.#port.release(isUsed);
  }
}

/** Dials the address that the client gave. */
export class ActiveChannel implements DataChannel {
  readonly #address: HostPort;
  readonly #options: ChannelOptions;
  readonly #localAddress: string;
  #dialling: Socket | undefined;

  constructor(address: HostPort, localAddress: string, options: ChannelOptions) {
    this.#address = address;
    this.#localAddress = localAddress;
    this.#options = options;
  }

  async open(): Promise<Socket> {
    const { host, port } = this.#address;
    const socket = connect({ host, port, localAddress: this.#localAddress, noDelay: true });
    this.#dialling = socket;
    socket.pause();
    const late = setTimeout(() => socket.destroy(), this.#options.connectTimeoutMs);
    try {
      await new Promise<void>((resolve, reject) => {
        let failure: Error | undefined;
        socket.once("connect", resolve);
        socket.once("error", (error) => (failure = error));
        socket.once("close", () => {
          reject(
            new WireError("CONNECT_FAILED", `no data connection to ${host}:${port}`, { cause: failure }),
          );
        });
      });
    } finally {
      clearTimeout(late);
    }
    return dataSocket(socket, this.#options);
  }

  close(): void {
    this.#dialling?.destroy();
  }
}

/** A connection that is ready for a transfer, TLS on its way if there is to be any; its errors end in `close`. */
function dataSocket(socket: Socket, { secureContext, idleTimeoutMs }: ChannelOptions): Socket {
  const context = secureContext();
  socket.on("error", () => {});
  socket.setTimeout(idleTimeoutMs, () => socket.destroy());
  if (!context) return socket;
  const secure = new TLSSocket(socket, { isServer: true, secureContext: context });
  secure.on("error", () => {});
  // Without a server object Node tells a failed handshake only by this event.
  secure.on("_tlsError", () => secure.destroy());
  return secure;
}
