import { once } from "node:events";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import type { Push } from "../push.ts";

/** One answer that never ends: `text/event-stream` (HTML Living Standard, server-sent events). */
export const serverSentEvents: Push = {
  async serve({ host }) {
    const listeners = new Set<http.ServerResponse>();
    const server = http.createServer({ noDelay: true }, (_request, response) => {
      response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-cache" });
      response.flushHeaders();
      listeners.add(response);
      response.on("close", () => listeners.delete(response));
    });
    server.listen(0, host);
    await once(server, "listening");
    return {
      port: (server.address() as AddressInfo).port,
      push(event) {
        for (const response of listeners) response.write(`data: ${event}\n\n`);
      },
    };
  },
  async listen({ host, port }, hear) {
    const agent = new http.Agent();
    const request = http.get({ host, port, path: "/events", agent });
    const [response] = (await once(request, "response")) as [http.IncomingMessage];
    let rest = "";
    response.setEncoding("utf8").on("data", (text: string) => {
      const events = (rest + text).split("\n\n");
      rest = events.pop() ?? "";
      for (const event of events) hear(event.slice("data: ".length));
    });
    response.on("error", () => {});
    return { close: () => request.destroy() };
  },
};
