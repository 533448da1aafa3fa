import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, test } from "vitest";
import { connectWebSocket } from "portside/clients/websocket";
import { startWebSocket, type WebSocketOptions, type WebSocketServer } from "portside/servers/websocket";
import { launch, needsBrowser } from "../../dashboard/browser.ts";
import { needs, python, runTool } from "../../peers/tools.ts";
import { echo } from "../peer.ts";

const echoServer = (options: WebSocketOptions = {}): Promise<WebSocketServer> =>
  startWebSocket(
    { "/": { doors: { "/echo": echo }, answer: () => new Response("<!doctype html><title>echo") } },
    options,
  );

/** For a runtime's own WebSocket: what a conversation with the echo server says, as text. */
async function talk(url: string): Promise<unknown> {
  const socket = new WebSocket(url);
  socket.binaryType = "arraybuffer";
  const heard: unknown[] = [];
  const over = new Promise<CloseEvent>((resolve) => socket.addEventListener("close", resolve));
  socket.addEventListener("message", ({ data }: { readonly data: string | ArrayBuffer }) => {
    heard.push(typeof data === "string" ? data : [...new Uint8Array(data)]);
    if (heard.length === 4) socket.close(4001, "had enough");
  });
  await new Promise((resolve) => socket.addEventListener("open", resolve));
  socket.send("häää 😀");
  socket.send(new Uint8Array([0, 255, 1]));
  socket.send("");
  socket.send("so und so ".repeat(1_000));
  const { code, reason, wasClean } = await over;
  return { heard, code, reason, wasClean, extensions: socket.extensions };
}

const said = {
  heard: ["häää 😀", [0, 255, 1], "", "so und so ".repeat(1_000)],
  code: 4001,
  reason: "had enough",
  wasClean: true,
  extensions: "",
};

describe.each([
  ["as it is", {}, ""],
  ["compressed", { deflate: { thresholdBytes: 0 } }, "permessage-deflate"],
  [
    "compressed, each message by itself",
    { deflate: { thresholdBytes: 0, serverContextTakeover: false, clientContextTakeover: false } },
    "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
  ],
])("startWebSocket() serves, %s,", (_, options, extensions) => {
  test("Node's own WebSocket", async () => {
    await using server = await echoServer(options);
    expect(await talk(`${server.streamUrl}/echo`)).toEqual({ ...said, extensions });
  });

  test("Chromium, on a page of the same origin", needsBrowser, async () => {
    await using server = await echoServer(options);
    const browser = await launch();
    try {
      const page = await browser.newPage();
      await page.goto(server.url);
      expect(await page.evaluate(talk, `${server.streamUrl}/echo`)).toEqual({ ...said, extensions });
    } finally {
      await browser.close();
    }
  });

  test("Python websockets", needs(python), async () => {
    await using server = await echoServer({ ...options, maxMessageBytes: 2 ** 21 });
    const { stdout } = await runTool(python, [
      join(import.meta.dirname, "websockets_client.py"),
      `${server.streamUrl}/echo`,
    ]);
    expect(JSON.parse(stdout)).toEqual({
      extensions: extensions === "" ? [] : ["permessage-deflate"],
      fragments: "fragments",
      pong: true,
      close: [4001, "had enough"],
    });
  });
});

describe("startWebSocket() serves", () => {
  test("not a page of another origin in Chromium, unless it is allowed", needsBrowser, async () => {
    await using other = await echoServer();
    await using closed = await echoServer();
    await using open = await startWebSocket(
      { "/": { doors: { "/echo": echo } } },
      { allowedOrigins: [other.url] },
    );
    const browser = await launch();
    try {
      const page = await browser.newPage();
      await page.goto(other.url);
      const tried = (url: string): Promise<string> =>
        page.evaluate(
          (url) =>
            new Promise<string>((resolve) => {
              const socket = new WebSocket(url);
              socket.addEventListener("open", () => resolve("open"));
              socket.addEventListener("error", () => resolve("refused"));
            }),
          url,
        );
      expect(await tried(`${closed.streamUrl}/echo`)).toBe("refused");
      expect(await tried(`${open.streamUrl}/echo`)).toBe("open");
    } finally {
      await browser.close();
    }
  });
});

test.each([false, true])(
  "connectWebSocket({ deflate: %s }) talks to Python websockets",
  needs(python),
  async (deflate) => {
    const child = spawn(python, [join(import.meta.dirname, "websockets_server.py")], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      const [port] = (await once(createInterface(child.stdout), "line")) as [string];
      await using client = await connectWebSocket(`ws://127.0.0.1:${port}/`, { deflate });
      for (const length of [0, 1, 125, 126, 65_535, 65_536, 1_048_576]) {
        const text = "ä".repeat(length / 2);
        client.send(text);
        client.send(Buffer.alloc(length, 7));
        expect((await client.receive()) === text).toBe(true);
        expect(Buffer.alloc(length, 7).equals((await client.receive()) as Buffer)).toBe(true);
      }
      client.send("fragments");
      expect(await client.receive()).toBe("fragments");
      client.send("ping");
      expect(await client.receive()).toBe("pong");
      client.send("close");
      expect(await Array.fromAsync(client)).toEqual([]);
    } finally {
      child.kill();
      await once(child, "close");
    }
  },
);
