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

const files = globSync("test/exchanges/websocket/client/*.exchange").sort();

describe.each([
  ["heard at once", answering],
  ["taken one by one", taking],
])("frames that a server may send, and may not, to connectWebSocket(), its messages %s", (_, converse) => {
  test.each(files)("%s", async (file) => {
    await using script = await serve(file);
    const over = script.done.then(() => true);
    // The script ends each connection in its own way; a client comes for each, and says what it hears.
    while (!(await Promise.race([over, isRefused(converse(script.url))])));
    await script.done;
  });
});

const limits = { maxMessageBytes: 1_048_576 };

async function answering(url: string): Promise<void> {
  await using client = await connectWebSocket(url, {
    ...limits,
    onMessage: (message, send) => send(message),
  });
  for await (const _ of client);
}

async function taking(url: string): Promise<void> {
  await using client = await connectWebSocket(url, limits);
  for await (const message of client) client.send(message);
}

/** Whether there is nobody to talk to any more; in any other way a conversation may end as it likes. */
async function isRefused(conversation: Promise<void>): Promise<boolean> {
  try {
    await conversation;
  } catch (error) {
    return (error as { readonly code?: string }).code === "CONNECT_FAILED";
  }
  return false;
}
