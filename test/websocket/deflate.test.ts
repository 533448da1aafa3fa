import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { deflateRawSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import { type PerMessageDeflateOptions, WebSocketServer } from "ws";
import { connectWebSocket } from "portside/clients/websocket";
import {
  broadcast,
  type DeflateOptions,
  type Door,
  startWebSocket,
  type WebSocketServer as OurServer,
} from "portside/servers/websocket";
import { encodeFrame, opcodes } from "../../wire/websocket.ts";
import { exchanges } from "../vitest/exchanges.ts";
import { echo, peer, wsServer } from "./peer.ts";
import { rawSocket } from "./raw-socket.ts";

const echoServer = (deflate: boolean | DeflateOptions, maxMessageBytes = 1_048_576) =>
  startWebSocket({ "/": { doors: { "/echo": echo } } }, { deflate, maxMessageBytes });

/** What refers to itself, to what was said before, and to nothing. */
const messages: readonly (string | Buffer)[] = [
  "so und so ".repeat(200),
  "so und so ".repeat(201),
  "",
  randomBytes(3_000),
  "ä€😀".repeat(30_000),
  "so und so ".repeat(200),
  randomBytes(20_000).toString("hex"),
  Buffer.alloc(100_000, 7),
];

const flags = [false, true];
const windows = [undefined, 8, 9, 15];

const ofPeer = flags.flatMap((serverNoContextTakeover) =>
  flags.flatMap((clientNoContextTakeover) =>
    windows.flatMap((serverMaxWindowBits) =>
      windows.map((clientMaxWindowBits): PerMessageDeflateOptions => ({
        serverNoContextTakeover,
        clientNoContextTakeover,
        ...(serverMaxWindowBits === undefined ? {} : { serverMaxWindowBits }),
        ...(clientMaxWindowBits === undefined ? {} : { clientMaxWindowBits }),
        threshold: 0,
      })),
    ),
  ),
);

const ofOurs = flags.flatMap((serverContextTakeover) =>
  flags.flatMap((clientContextTakeover) =>
    [8, 11, 15].flatMap((serverMaxWindowBits) =>
      [8, 11, 15].map((clientMaxWindowBits): DeflateOptions => ({
        serverContextTakeover,
        clientContextTakeover,
        serverMaxWindowBits,
        clientMaxWindowBits,
        thresholdBytes: 0,
      })),
    ),
  ),
);

/** Whether all messages come back as they are from an echo of npm `ws` in our server. */
async function echoes(server: OurServer, perMessageDeflate: PerMessageDeflateOptions): Promise<void> {
  await using client = await peer(`${server.streamUrl}/echo`, [], { perMessageDeflate });
  expect(client.socket.extensions).toMatch(/^permessage-deflate/);
  for (const message of messages) client.send(message);
  const heard = await client.take(messages.length);
  expect(heard.map(String)).toEqual(messages.map(String));
}

describe("startWebSocket({ deflate }) and npm ws as a client, with every combination of", () => {
  test("what the client offers", async () => {
    await using server = await echoServer({ thresholdBytes: 0 });
    for (const options of ofPeer) await echoes(server, options);
  });

  test("what the server wants", async () => {
    for (const options of ofOurs) {
      await using server = await echoServer(options);
      await echoes(server, { threshold: 0 });
    }
  });
});

describe("connectWebSocket({ deflate }) and npm ws as a server, with every combination of", () => {
  const talk = async (
    deflate: DeflateOptions,
    perMessageDeflate: PerMessageDeflateOptions,
  ): Promise<void> => {
    const extensions: string[] = [];
    await using server = await wsServer(
      (socket) => {
        extensions.push(socket.extensions);
        socket.on("message", (message: Buffer, isBinary) => socket.send(message, { binary: isBinary }));
      },
      { perMessageDeflate },
    );
    await using client = await connectWebSocket(server.url, { deflate });
    for (const message of messages) client.send(message);
    for (const message of messages) expect(String(await client.receive())).toBe(String(message));
    expect(extensions).toEqual([expect.stringMatching(/^permessage-deflate/)]);
  };

  test("what the server answers", async () => {
    for (const options of ofPeer) await talk({ thresholdBytes: 0 }, options);
  });

  test("what the client wants", async () => {
    for (const options of ofOurs) await talk(options, { threshold: 0 });
  });
});

describe("startWebSocket({ deflate })", () => {
  test("agrees to nothing when it is off, or the client does not ask", async () => {
    await using off = await startWebSocket({ "/": { doors: { "/echo": echo } } });
    await using on = await echoServer(true);
    await using asking = await peer(`${off.streamUrl}/echo`, [], { perMessageDeflate: true });
    await using silent = await peer(`${on.streamUrl}/echo`);
    expect([asking.socket.extensions, silent.socket.extensions]).toEqual(["", ""]);
    silent.send("so und so ".repeat(200));
    expect(await silent.next()).toBe("so und so ".repeat(200));
  });

  test("tells many the same, each as agreed, between messages of their own", async () => {
    const there = new Set<Parameters<Door["welcome"]>[0]>();
    const room: Door = {
      welcome: (connection) => {
        there.add(connection);
        return {
          heard: (message, isText) => {
            connection.send(message, isText);
            broadcast(there, message.toString());
            connection.send(message, isText);
          },
        };
      },
    };
    await using server = await startWebSocket({ "/": { doors: { "/room": room } } }, { deflate: true });
    const url = `${server.streamUrl}/room`;
    await using one = await peer(url, [], { perMessageDeflate: true });
    await using two = await peer(url, [], { perMessageDeflate: { serverMaxWindowBits: 9 } });
    await using three = await peer(url);
    for (const [round, speaker] of [one, two, three, one].entries()) {
      const text = `round ${round}: ${"so und so ".repeat(300)}`;
      speaker.send(text);
      for (const hearer of [one, two, three]) {
        const count = hearer === speaker ? 3 : 1;
        expect(await hearer.take(count)).toEqual(Array.from({ length: count }, () => text));
      }
    }
  });

  test("goes on when a rule answers in place of the door", async () => {
    await using server = await echoServer({ thresholdBytes: 0 });
    await using client = await peer(`${server.streamUrl}/echo`, [], { perMessageDeflate: { threshold: 0 } });
    const text = (of: string): string => `${of} ${"so und so ".repeat(100)}`;
    client.send(text("first"));
    expect(await client.next()).toBe(text("first"));
    server.rules.add("(whenever)\n  C: second...\n  S: not today\n(end)\n");
    client.send(text("second"));
    expect(await client.next()).toBe("not today");
    client.send(text("third"));
    expect(await client.next()).toBe(text("third"));
  });

  test("closes with 1009 at a bomb, and stays", async () => {
    await using server = await echoServer(true, 65_536);
    const bomb = deflateRawSync(Buffer.alloc(32 * 1024 * 1024)).subarray(0, 40_000);
    using socket = await rawSocket(server.port, "/echo", {
      "Sec-WebSocket-Extensions": "permessage-deflate",
    });
    expect(socket.head).toContain("Sec-WebSocket-Extensions: permessage-deflate\r\n");
    socket.write(encodeFrame(opcodes.binary, bomb, { mask: Buffer.alloc(4), reserved: 4 }));
    const said = await socket.rest();
    expect([said[0], said.readUInt16BE(2)]).toEqual([0x88, 1009]);
    await using client = await peer(`${server.streamUrl}/echo`, [], { perMessageDeflate: true });
    client.send("still there");
    expect(await client.next()).toBe("still there");
  });

  test("refuses a list of extensions that is none with 400", async () => {
    await using server = await echoServer(true);
    using socket = await rawSocket(server.port, "/echo", {
      "Sec-WebSocket-Extensions": "permessage-deflate; =",
    });
    expect(socket.head).toMatch(/^HTTP\/1\.1 400 /);
  });

  let running: OurServer;
  beforeAll(async () => {
    running = await echoServer(true);
    return () => running.close({ graceMs: 0 });
  });
  exchanges("test/exchanges/websocket/deflate/*.exchange", {
    target: () => `tcp://127.0.0.1:${running.port}`,
  });
});

test("connectWebSocket() refuses an extension that it did not ask for, or not so", async () => {
  for (const [deflate, answer] of [
    [false, "permessage-deflate"],
    [true, "permessage-deflate; server_max_window_bits=7"],
    [{ serverContextTakeover: false }, "permessage-deflate"],
  ] as const) {
    const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
    server.on("headers", (fields) => fields.push(`Sec-WebSocket-Extensions: ${answer}`));
    await once(server, "listening");
    const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await expect(connectWebSocket(url, { deflate })).rejects.toMatchObject({ code: "PROTOCOL_VIOLATION" });
    await new Promise((resolve) => server.close(resolve));
  }
});
