import { once } from "node:events";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import type { Address } from "../echo.ts";
import type { Push } from "../push.ts";
import { Happenings } from "./happenings.ts";

/** The client asks every so often whether something happened. */
export function polling(everyMs: number): Push {
  return {
    serve: ({ host }) => serveHappenings(host, false),
    listen: (address, hear) => ask(address, hear, everyMs),
  };
}

/** The client asks, and the server answers when something happened. */
export const longPoll: Push = {
  serve: ({ host }) => serveHappenings(host, true),
  listen: (address, hear) => ask(address, hear, 0),
};

async function serveHappenings(host: string, waits: boolean): ReturnType<Push["serve"]> {
  const happenings = new Happenings();
  const server = http.createServer({ noDelay: true, keepAliveTimeout: 60_000 }, async (request, response) => {
    const seen = Number(/\?after=(\d+)$/.exec(request.url ?? "")?.[1] ?? happenings.count);
    if (waits) await happenings.more(seen);
    const events = happenings.after(seen);
    const body = events.map((event) => `${event}\n`).join("");
    response.writeHead(200, {
      "Content-Type": "text/plain",
      "Content-Length": Buffer.byteLength(body),
      "X-Seen": seen + events.length,
    });
    response.end(body);
  });
  server.listen(0, host);
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    push: (event) => happenings.add(event),
  };
}

async function ask(
  { host, port }: Address,
  hear: (event: string) => void,
  everyMs: number,
): ReturnType<Push["listen"]> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  let isOpen = true;
  let seen = 0;
  const askOnce = async (): Promise<void> => {
    const request = http.get({ host, port, agent, path: `/events?after=${seen}` });
    const [response] = (await once(request, "response")) as [http.IncomingMessage];
    const body = Buffer.concat(await response.toArray()).toString();
    seen = Number(response.headers["x-seen"]);
    for (const event of body.split("\n").slice(0, -1)) hear(event);
  };
  void (async () => {
    while (isOpen) {
      await askOnce();
      if (everyMs > 0) await wait(everyMs);
    }
  })().catch((error: unknown) => {
    if (isOpen) throw error;
  });
  return {
    close() {
      isOpen = false;
      agent.destroy();
    },
  };
}
