import { once } from "node:events";
import { createServer as createHttpServer, type IncomingMessage, type RequestListener } from "node:http";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";

/** Something behind the proxy: a server of Node's own. */
export interface Origin extends AsyncDisposable {
  readonly port: number;
  /** `127.0.0.1:port` */
  readonly authority: string;
  /** `http://127.0.0.1:port` */
  readonly url: string;
}

/** A web server; without a listener it answers with what it was asked, as JSON. */
export async function startOrigin(listener: RequestListener = answerAsked): Promise<Origin> {
  return await started(createHttpServer(listener));
}

/** A TCP server that does this with each connection; by default it says back what it hears. */
export async function startEcho(
  serve: (socket: Socket) => void = (socket) => void socket.pipe(socket),
): Promise<Origin> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("error", () => {}).on("close", () => sockets.delete(socket));
    serve(socket);
  });
  return await started(server, () => {
    for (const socket of sockets) socket.destroy();
  });
}

/** What `startOrigin` answers. */
export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly version: string;
  /** Name, value, name, value, …: as they came. */
  readonly fields: readonly string[];
  readonly body: string;
}

async function started(server: Server, letGo: () => void = () => {}): Promise<Origin> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    port,
    authority: `127.0.0.1:${port}`,
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, "close");
      server.close();
      letGo();
      if ("closeAllConnections" in server) (server as { closeAllConnections(): void }).closeAllConnections();
      await closed;
    },
  };
}

const answerAsked: RequestListener = (request, response) => {
  void bodyOf(request).then((body) => {
    const { method = "", url = "", httpVersion: version, rawHeaders: fields } = request;
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ method, url, version, fields, body } satisfies Asked));
  });
};

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
