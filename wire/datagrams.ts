import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { WireError } from "./errors.ts";
import type { ListenAddress } from "./listener.ts";

/** A UDP socket that is bound; the same life as a `Listener`'s. */
export interface DatagramListener {
  readonly host: string;
  readonly port: number;
  /** `127.0.0.1:5353`, `[::1]:5353` */
  readonly authority: string;
  /** Send a datagram. One that cannot be sent is lost, as datagrams are. */
  send(bytes: Uint8Array, port: number, address: string): void;
  /** Twice is the same as once. */
  close(): Promise<void>;
}

/** Larger than the usual 208 KB, which lose a burst of small datagrams; the kernel may lower it. */
const receiveBufferBytes = 1_048_576;

/**
 * Hear datagrams.
 * @throws WireError ADDRESS_IN_USE, CONNECT_FAILED
 */
export async function listenForDatagrams(
  { host = "127.0.0.1", port = 0 }: ListenAddress,
  hear: (bytes: Buffer, from: RemoteInfo) => void,
): Promise<DatagramListener> {
  // Not isIPv6(): its first call in a process costs 15 ms, for a regular expression.
  const family = host.includes(":") ? 6 : 4;
  const socket = createSocket({
    type: `udp${family}`,
    recvBufferSize: receiveBufferBytes,
    // Datagrams go back to addresses they came from: nothing is looked up, which would cost as much as the sending.
    lookup: (address, _options, found) => found(null, address, family),
  });
  await bind(socket, host, port);
  socket.on("message", hear);
  const bound = socket.address();
  let closing: Promise<void> | undefined;
  return {
    host: bound.address,
    port: bound.port,
    authority: `${bound.address.includes(":") ? `[${bound.address}]` : bound.address}:${bound.port}`,
    send: (bytes, to, address) => {
      if (!closing) socket.send(bytes, to, address);
    },
    close: () => (closing ??= new Promise((resolve) => void socket.close(() => resolve()))),
  };
}

/** Send a datagram from a port that nobody asked: a careful client does not take it. */
export function sendFromElsewhere(bytes: Uint8Array, port: number, address: string): void {
  const socket = createSocket(address.includes(":") ? "udp6" : "udp4");
  socket.on("error", () => socket.close());
  socket.send(bytes, port, address, () => socket.close());
}

function bind(socket: Socket, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once("error", (cause: NodeJS.ErrnoException) => {
      socket.close();
      const name = `${host}:${port} (UDP)`;
      reject(
        cause.code === "EADDRINUSE"
          ? new WireError(
              "ADDRESS_IN_USE",
              `${name} is taken by another process; choose another, or port 0 for a free one`,
              { cause },
            )
          : new WireError("CONNECT_FAILED", `cannot listen on ${name}: ${cause.message}`, { cause }),
      );
    });
    socket.bind(port, host, () => {
      socket.removeAllListeners("error");
      // ICMP errors of earlier datagrams surface here; they concern nobody who is listening.
      socket.on("error", () => {});
      resolve();
    });
  });
}
