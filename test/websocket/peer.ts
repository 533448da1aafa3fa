import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { type ClientOptions, type ServerOptions, WebSocket, WebSocketServer } from "ws";
import type { Door } from "portside/servers/websocket";

/** Says what it hears. */
export const echo: Door = {
  welcome: (connection) => ({
    heard: (message, isText) => connection.send(message, isText),
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

/** A server of npm `ws`. */
export interface PeerServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** The targets of the handshakes, in order. */
  readonly requests: readonly string[];
  /** Resolved when nobody is connected. */
  untilEmpty(): Promise<void>;
}

/** Start npm `ws` as a server. */
export async function wsServer(
  welcome: (socket: WebSocket, request: IncomingMessage) => void,
  options: ServerOptions = {},
): Promise<PeerServer> {
  const server = new WebSocketServer({
    ...(options.server ? {} : { host: "127.0.0.1", port: 0 }),
    ...options,
  });
  options.server?.listen(0, "127.0.0.1");
  const requests: string[] = [];
  server.on("connection", (socket, request) => {
    requests.push(request.url ?? "");
    socket.on("error", () => {});
    welcome(socket, request);
  });
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `ws://127.0.0.1:${port}`,
    port,
    requests,
    untilEmpty: async () => {
      await Promise.all([...server.clients].map((client) => once(client, "close")));
    },
    [Symbol.asyncDispose]: async () => {
      for (const client of server.clients) client.terminate();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      options.server?.close();
    },
  };
}
