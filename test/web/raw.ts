import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** A client that knows nothing of HTTP: bytes out, bytes in. */
export interface Raw extends AsyncDisposable {
  readonly socket: Socket;
  /** All that has come, one character for each byte. */
  readonly heard: string;
  /** How the connection ended; undefined while it has not. */
  readonly outcome: "end" | "reset" | undefined;
  send(bytes: string | Uint8Array): void;
  /** Resolved when this has come. */
  until(what: RegExp): Promise<string>;
  /** Resolved with all that came, when the server has ended the connection. */
  ended(): Promise<string>;
}

/** Connect to a server on this machine. */
export async function raw(port: number): Promise<Raw> {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
  await once(socket, "connect");
  let heard = "";
  let outcome: Raw["outcome"];
  socket.on("data", (bytes: Buffer) => (heard += bytes.toString("latin1")));
  socket.on("error", () => (outcome = "reset"));
  socket.on("end", () => (outcome ??= "end"));
  const over = new Promise<void>((resolve) => {
    socket.once("end", resolve);
    socket.once("close", () => resolve());
  });
  return {
    socket,
    get heard() {
      return heard;
    },
    get outcome() {
      return outcome;
    },
    send: (bytes) => void socket.write(typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes),
    until: (what) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!what.test(heard)) return;
          socket.off("data", look);
          resolve(heard);
        };
        socket.on("data", look);
        void over.then(() =>
          what.test(heard) ? resolve(heard) : reject(new Error(`it ended before ${what}: ${heard}`)),
        );
        look();
      }),
    ended: async () => {
      await over;
      return heard;
    },
    [Symbol.asyncDispose]: async () => {
      socket.destroy();
      if (!socket.closed) await once(socket, "close");
    },
  };
}

/** Send bytes on a connection of their own; all that came until the server ended it. */
export async function exchange(port: number, bytes: string | Uint8Array): Promise<string> {
  await using client = await raw(port);
  client.send(bytes);
  return await client.ended();
}

/** The statuses of the responses in a text, in order. */
export function statuses(text: string): number[] {
  return [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
}
