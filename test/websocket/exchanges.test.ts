import { globSync } from "node:fs";
import { beforeAll, describe, test } from "vitest";
import { connectWebSocket } from "portside/clients/websocket";
import { startWebSocket, type WebSocketServer } from "portside/servers/websocket";
import { exchanges, serve } from "../vitest/exchanges.ts";
import { echo } from "./peer.ts";

describe("frames that a client may send, and may not, to startWebSocket()", () => {
  let server: WebSocketServer;
  beforeAll(async () => {
    server = await startWebSocket({ "/": { doors: { "/echo": echo } } }, { maxMessagesPerSecond: Infinity });
    return () => server.close({ graceMs: 0 });
  });
  exchanges("test/exchanges/websocket/server/*.exchange", { target: () => `${server.streamUrl}/echo` });
});

describe("frames that a server may send, and may not, to connectWebSocket()", () => {
  test.each(globSync("test/exchanges/websocket/client/*.exchange").sort())("%s", async (file) => {
    await using script = await serve(file);
    const over = script.done.then(() => true);
    // The script ends each connection in its own way; a client comes for each, and says what it hears.
    while (!(await Promise.race([over, echoed(script.url)])));
    await script.done;
  });
});

/** Hold one conversation to its end, however it ends. @returns whether there is nobody to talk to any more */
async function echoed(url: string): Promise<boolean> {
  try {
    await using client = await connectWebSocket(url, {
      maxMessageBytes: 1_048_576,
      onMessage: (message, send) => send(message),
    });
    for await (const _ of client);
  } catch (error) {
    return (error as { readonly code?: string }).code === "CONNECT_FAILED";
  }
  return false;
}
