import { randomBytes } from "node:crypto";
import { once } from "node:events";
import * as http from "node:http";
import * as https from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { type Address, type Echo, type EchoClient, keyExchange, type Place } from "../../echo.ts";
import { Turns } from "./turns.ts";
import { acceptKey, closeFrame, frameOf, frameReader } from "./websocket-frames.ts";

/** One WebSocket: an upgraded HTTP connection (RFC 6455), a frame for each message. */
export const websocket: Echo = { serve: serveWs, connect: (address) => open("http", address) };
/** The same over TLS: wss. */
export const websocketTls: Echo = { serve: serveWss, connect: (address) => open("https", address) };
/** A WebSocket for each message, which is not what it is made for. */
export const websocketNew: Echo = {
  serve: serveWs,
  async connect(address) {
    return {
      async call(message) {
        const turns = new Turns();
        const socket = await upgraded("http", address, turns);
        const over = once(socket, "close").then(() => {});
        socket.write(frameOf(message, true));
        const { reply } = await turns.next();
        // The client says farewell, the server returns it and closes first (RFC 6455 section 7.1.1).
        socket.write(closeFrame(true));
        return { reply, over };
      },
      close() {},
    };
  },
};

function serveWs({ host }: Place): ReturnType<Echo["serve"]> {
  return listening(http.createServer(), host);
}

function serveWss({ host, cert, key }: Place): ReturnType<Echo["serve"]> {
  return listening(https.createServer({ cert, key, ecdhCurve: keyExchange }), host);
}

async function listening(server: http.Server | https.Server, host: string): ReturnType<Echo["serve"]> {
  server.on("upgrade", (request: http.IncomingMessage, socket: Socket) => {
    accept(request, socket);
    socket.on(
      "data",
      frameReader(
        (message) => socket.write(frameOf(message, false)),
        () => socket.end(closeFrame(false)),
      ),
    );
  });
  server.listen(0, host);
  await once(server, "listening");
  return { port: (server.address() as AddressInfo).port, close: () => void server.close() };
}

/** Answer an opening handshake (RFC 6455 section 4.2.2). */
export function accept({ headers }: http.IncomingMessage, socket: Socket): void {
  socket.setNoDelay(true);
  socket.on("error", () => socket.destroy());
  socket.on("end", () => socket.end());
  socket.write(
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
      `Sec-WebSocket-Accept: ${acceptKey(headers["sec-websocket-key"] ?? "")}\r\n\r\n`,
  );
}

async function open(scheme: "http" | "https", address: Address): Promise<EchoClient> {
  const turns = new Turns();
  const socket = await upgraded(scheme, address, turns);
  return {
    call(message) {
      socket.write(frameOf(message, true));
      return turns.next();
    },
    close: () => socket.destroy(),
  };
}

/** Open a WebSocket as RFC 6455 section 4.1 says. */
export async function upgraded(
  scheme: "http" | "https",
  { host, port, ca }: Address,
  answers: Pick<Turns, "hear" | "fail">,
): Promise<Socket> {
  const key = randomBytes(16).toString("base64");
  const request = (scheme === "http" ? http.request : https.request)({
    host,
    port,
    agent: false,
    ...(scheme === "https" ? { ca, ecdhCurve: keyExchange } : {}),
    headers: {
      Connection: "Upgrade",
      Upgrade: "websocket",
      "Sec-WebSocket-Key": key,
      "Sec-WebSocket-Version": "13",
    },
  });
  request.end();
  const [response, socket] = (await once(request, "upgrade")) as [http.IncomingMessage, Socket];
  if (response.headers["sec-websocket-accept"] !== acceptKey(key))
    throw new Error("the server did not accept this handshake");
  socket.setNoDelay(true);
  socket.on(
    "data",
    frameReader(
      (message) => answers.hear(message),
      () => socket.end(),
    ),
  );
  socket.on("error", (error) => answers.fail(error));
  socket.on("close", () => answers.fail(new Error("the connection is closed")));
  return socket;
}
