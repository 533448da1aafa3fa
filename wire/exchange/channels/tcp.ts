import { isIP, type Socket } from "node:net";
import { type SecureContext, TLSSocket } from "node:tls";
import { Connection, type ConnectionOwner } from "../../connection.ts";
import { type Destination, dialSocket } from "../../dial.ts";
import { bufferOf, byteString, isAscii } from "../byte-string.ts";
import type { Channel, ChannelEvents } from "../stage.ts";

/** How a channel speaks TLS. */
export interface ChannelTls {
  /** The certificate for being the server; asked for when first needed. */
  readonly secureContext: () => SecureContext;
  /** Authorities that a client trusts beside the usual ones; without them it trusts everybody. */
  readonly ca?: string;
  /** The name a client asks for. */
  readonly serverName?: string;
  /** The session that a client resumes: servers of FTP ask that of data connections. */
  readonly session?: () => Buffer | undefined;
}

/** A TCP or unix socket as a channel: what comes before somebody listens is kept. */
export class TcpChannel implements Channel, ConnectionOwner {
  readonly isDatagram = false;
  readonly connection: Connection;
  readonly #tls: ChannelTls;
  #hears: ChannelEvents | undefined;
  #early: Buffer[] = [];
  #end: { readonly error: Error | undefined } | undefined;
  #isReset = false;

  /** @param dialed the address that was dialed, which need not be asked for then */
  constructor(socket: Socket, tls: ChannelTls, dialed?: { readonly address: string; readonly port: number }) {
    this.#tls = tls;
    this.connection = new Connection(socket, this, { client: dialed });
  }

  get remoteHost(): string {
    return this.connection.remoteAddress.replace(/^::ffff:/, "");
  }

  /** That of TLS, for another connection to resume. */
  get session(): Buffer | undefined {
    const { socket } = this.connection;
    return socket instanceof TLSSocket ? socket.getSession() : undefined;
  }

  get hears(): ChannelEvents | undefined {
    return this.#hears;
  }

  set hears(hears: ChannelEvents | undefined) {
    this.#hears = hears;
    const early = this.#early;
    this.#early = [];
    for (const bytes of early) this.received(bytes);
    if (this.#end !== undefined) hears?.ended(this.#end.error);
  }

  received(bytes: Buffer): void {
    if (this.#hears === undefined) this.#early.push(Buffer.from(bytes));
    else this.#hears.received(byteString(bytes));
  }

  ended(): void {
    if (this.#end !== undefined) return;
    this.#end = { error: undefined };
    this.#hears?.ended();
  }

  drained(): void {}

  closed(error: Error | undefined): void {
    if (this.#end !== undefined) return;
    // A reset of our own is no news.
    this.#end = { error: this.#isReset ? undefined : error };
    this.#hears?.ended(this.#end.error);
  }

  write(bytes: string): void {
    // ASCII is the same in UTF-8, and a text costs the socket a third of what a buffer does.
    this.connection.say(isAscii(bytes) ? bytes : bufferOf(bytes));
    this.connection.flush();
  }

  get isFlushed(): boolean {
    const { socket } = this.connection;
    return socket.writableLength === 0 || socket.destroyed;
  }

  async flushed(): Promise<void> {
    if (this.isFlushed) return;
    const { socket } = this.connection;
    await new Promise<void>((resolve) => {
      const settle = (): void => {
        if (!this.isFlushed) return;
        socket.off("drain", settle);
        socket.off("finish", settle);
        socket.off("close", settle);
        clearInterval(timer);
        resolve();
      };
      // `drain` only tells of a buffer that was over its mark, so a small one is looked at.
      const timer = setInterval(settle, 1);
      socket.on("drain", settle);
      socket.on("finish", settle);
      socket.on("close", settle);
    });
  }

  end(): void {
    this.connection.end();
  }

  reset(): void {
    this.#isReset = true;
    this.connection.reset();
  }

  destroy(): void {
    if (this.#end === undefined) this.connection.destroy();
    else this.connection.destroySoon();
  }

  async startTls(isServer: boolean, early = ""): Promise<string> {
    const { ca, serverName, secureContext } = this.#tls;
    const session = this.#tls.session?.();
    const facts = await this.connection.startTls(
      isServer
        ? { isServer: true, secureContext: secureContext() }
        : {
            rejectUnauthorized: ca !== undefined,
            ...(ca === undefined ? {} : { ca }),
            ...(serverName === undefined ? {} : { servername: serverName }),
            ...(session === undefined ? {} : { session }),
          },
      bufferOf(early),
    );
    return facts.version;
  }
}

/**
 * Opens a TCP or unix connection.
 * @throws WireError CONNECT_FAILED, TIMED_OUT
 */
export async function dial(to: Destination, tls: ChannelTls, timeoutMs: number): Promise<TcpChannel> {
  const dialed = "host" in to && isIP(to.host) !== 0 ? { address: to.host, port: to.port } : undefined;
  return new TcpChannel(await dialSocket(to, timeoutMs), tls, dialed);
}
