import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { WireError } from "../../errors.ts";
import { bufferOf, byteString } from "../byte-string.ts";
import type { Channel, ChannelEvents } from "../stage.ts";

/** The datagrams exchanged with one address. What comes before somebody listens is kept. */
export class UdpChannel implements Channel {
  readonly isDatagram = true;
  readonly remoteHost: string;
  readonly remotePort: number;
  readonly #send: (bytes: Buffer, sent: () => void) => void;
  readonly #close: () => void;
  #hears: ChannelEvents | undefined;
  #early: string[] = [];

  /** Datagrams that the kernel has not taken yet; closing the socket would lose them. */
  #sending = new Set<Promise<void>>();

  constructor(
    remote: { readonly address: string; readonly port: number },
    send: (bytes: Buffer, sent: () => void) => void,
    close: () => void,
  ) {
    this.remoteHost = remote.address;
    this.remotePort = remote.port;
    this.#send = send;
    this.#close = close;
  }

  get hears(): ChannelEvents | undefined {
    return this.#hears;
  }

  set hears(hears: ChannelEvents | undefined) {
    this.#hears = hears;
    const early = this.#early;
    this.#early = [];
    for (const bytes of early) hears?.received(bytes);
  }

  received(bytes: Buffer): void {
    if (this.#hears === undefined) this.#early.push(byteString(bytes));
    else this.#hears.received(byteString(bytes));
  }

  /** UDP tells of nobody who is there, but a host may tell that nobody is (ICMP). */
  failed(error: Error): void {
    this.#hears?.ended(error);
  }

  write(bytes: string): void {
    const sent = new Promise<void>((resolve) => this.#send(bufferOf(bytes), resolve));
    this.#sending.add(sent);
    void sent.then(() => this.#sending.delete(sent));
  }

  get isFlushed(): boolean {
    return this.#sending.size === 0;
  }

  async flushed(): Promise<void> {
    await Promise.all(this.#sending);
  }

  end(): void {
    // There is nothing that would tell the other side.
  }

  reset(): void {
    this.#close();
  }

  destroy(): void {
    this.#close();
  }

  startTls(): Promise<string> {
    throw new WireError("TLS_FAILED", "there is no TLS over UDP");
  }
}

/** Datagrams to one address and back. @throws WireError CONNECT_FAILED */
export async function dialUdp(host: string, port: number): Promise<UdpChannel> {
  const socket = createSocket(host.includes(":") ? "udp6" : "udp4");
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once("error", reject);
      socket.connect(port, host, resolve);
    });
  } catch (error) {
    closeOnce(socket)();
    throw new WireError("CONNECT_FAILED", `cannot send to ${host}:${port}`, { cause: error });
  }
  const channel = new UdpChannel(
    { address: host, port },
    (bytes, sent) => socket.send(bytes, sent),
    closeOnce(socket),
  );
  socket.removeAllListeners("error");
  socket.on("error", (error) => channel.failed(error));
  socket.on("message", (bytes) => channel.received(bytes));
  return channel;
}

/** A socket for datagrams, and a channel for everybody who sends one. */
export interface UdpListener {
  readonly host: string;
  readonly port: number;
  close(): Promise<void>;
}

/** @throws WireError ADDRESS_IN_USE, CONNECT_FAILED */
export async function listenUdp(
  host: string,
  port: number,
  welcome: (channel: UdpChannel) => void,
): Promise<UdpListener> {
  const socket = createSocket(host.includes(":") ? "udp6" : "udp4");
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once("error", reject);
      socket.bind(port, host, resolve);
    });
  } catch (error) {
    closeOnce(socket)();
    const code = (error as NodeJS.ErrnoException).code === "EADDRINUSE" ? "ADDRESS_IN_USE" : "CONNECT_FAILED";
    throw new WireError(code, `cannot listen on ${host}:${port} for datagrams`, { cause: error });
  }
  const channels = new Map<string, UdpChannel>();
  socket.removeAllListeners("error");
  socket.on("error", () => {});
  socket.on("message", (bytes, from: RemoteInfo) => {
    const key = `${from.address} ${from.port}`;
    let channel = channels.get(key);
    if (channel === undefined) {
      const send = (answer: Buffer, sent: () => void): void =>
        socket.send(answer, from.port, from.address, sent);
      channel = new UdpChannel(from, send, () => void channels.delete(key));
      channels.set(key, channel);
      welcome(channel);
    }
    channel.received(bytes);
  });
  const close = closeOnce(socket);
  return {
    host: socket.address().address,
    port: socket.address().port,
    close: () => Promise.resolve(close()),
  };
}

function closeOnce(socket: Socket): () => void {
  let isClosed = false;
  return () => {
    if (isClosed) return;
    isClosed = true;
    socket.on("error", () => {});
    socket.close();
  };
}
