import { once } from "node:events";
import * as http from "node:http";
import * as https from "node:https";
import type { AddressInfo } from "node:net";
import { createSecureContext } from "node:tls";
import { type Address, atOnce, type Echo, keyExchange, type Place } from "../../echo.ts";

/** A POST for each message, over one connection that is kept alive. */
export const httpKept: Echo = { serve: serveHttp, connect: (address) => poster("http", address, true) };
/** A POST for each message, each over a connection of its own. */
export const httpNew: Echo = { serve: serveHttp, connect: (address) => poster("http", address, false) };
export const httpsKept: Echo = { serve: serveHttps, connect: (address) => poster("https", address, true) };
export const httpsNew: Echo = { serve: serveHttps, connect: (address) => poster("https", address, false) };

const echo: http.RequestListener = (request, response) => {
  hearWhole(request, (body) => {
    response.writeHead(200, { "Content-Type": "application/octet-stream", "Content-Length": body.length });
    response.end(body);
  });
};

function serveHttp({ host }: Place): ReturnType<Echo["serve"]> {
  return listening(http.createServer({ noDelay: true, keepAliveTimeout: 60_000 }, echo), host);
}

function serveHttps({ host, cert, key }: Place): ReturnType<Echo["serve"]> {
  const tls = { cert, key, ecdhCurve: keyExchange };
  return listening(https.createServer({ ...tls, noDelay: true, keepAliveTimeout: 60_000 }, echo), host);
}

async function listening(server: http.Server | https.Server, host: string): ReturnType<Echo["serve"]> {
  server.listen(0, host);
  await once(server, "listening");
  return { port: (server.address() as AddressInfo).port, close: () => void server.close() };
}

async function poster(
  scheme: "http" | "https",
  { host, port, ca }: Address,
  keepAlive: boolean,
): ReturnType<Echo["connect"]> {
  const options = { keepAlive, maxSockets: keepAlive ? 1 : Infinity };
  const agent =
    scheme === "http"
      ? new http.Agent(options)
      : new https.Agent({
          ...options,
          secureContext: createSecureContext({ ca, ecdhCurve: keyExchange }),
          maxCachedSessions: 0,
        });
  const request = scheme === "http" ? http.request : https.request;
  return {
    call: (message) =>
      new Promise((resolve, reject) => {
        const headers = { "Content-Length": message.length };
        const asking = request({ host, port, agent, method: "POST", path: "/echo", headers }, (response) => {
          const over = keepAlive ? atOnce : once(response.socket, "close").then(() => {});
          response.on("error", reject);
          hearWhole(response, (reply) => {
            if (response.statusCode === 200) resolve({ reply, over });
            else reject(new Error(`the answer is ${response.statusCode}`));
          });
        });
        asking.on("error", reject);
        asking.end(message);
      }),
    close: () => agent.destroy(),
  };
}

function hearWhole(message: http.IncomingMessage, hear: (body: Buffer) => void): void {
  const pieces: Buffer[] = [];
  message.on("data", (piece: Buffer) => pieces.push(piece));
  message.on("end", () => hear(Buffer.concat(pieces)));
}
