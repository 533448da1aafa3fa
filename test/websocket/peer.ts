import { once } from "node:events";
import { WebSocket, type ClientOptions } from "ws";
import type { Door } from "portside/servers/websocket";

/** Says what it hears. */
export const echo: Door = {
  welcome: (connection) => ({
    heard: (message, isText) => connection.send(isText ? message.toString() : message),
  }),
};

/** A client of npm `ws`, with its messages in order. */
export interface Peer extends AsyncDisposable {
  readonly socket: WebSocket;
  send(message: string | Uint8Array): void;
  /** The next message, text as a string. */
  next(): Promise<string | Buffer>;
  take(count: number): Promise<(string | Buffer)[]>;
  /** How it ends, or has ended. */
  closed(): Promise<{ readonly code: number; readonly reason: string }>;
}

/** Connect npm `ws` to a server. */
export async function peer(
  url: string,
  protocols: readonly string[] = [],
  options: ClientOptions = {},
): Promise<Peer> {
  const socket = new WebSocket(url, [...protocols], { perMessageDeflate: false, ...options });
  const heard: (string | Buffer)[] = [];
  let wake = (): void => {};
  socket.on("message", (message: Buffer, isBinary) => {
    heard.push(isBinary ? message : message.toString());
    wake();
  });
  socket.on("error", () => {});
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    socket.once("close", (code: number, reason: Buffer) => {
      resolve({ code, reason: reason.toString() });
      wake();
    }),
  );
  await once(socket, "open");
  const next = async (): Promise<string | Buffer> => {
    while (heard.length === 0) {
      if (socket.readyState === WebSocket.CLOSED)
        throw new Error("the connection is closed, and nothing is left");
      await new Promise<void>((resolve) => (wake = resolve));
    }
    return heard.shift()!;
  };
  return {
    socket,
    send: (message) => socket.send(message),
    next,
    take: async (count) => {
      const taken: (string | Buffer)[] = [];
      while (taken.length < count) taken.push(await next());
      return taken;
    },
    closed: () => closed,
    [Symbol.asyncDispose]: async () => {
      socket.terminate();
      await closed;
    },
  };
}
