import { createServer } from "node:net";
import { once } from "node:events";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { WebSocket } from "ws";
import { describe, expect, test } from "vitest";
import { connectWebSocket, type HandshakeRefused } from "portside/clients/websocket";
import { sharedAuthority, sharedLeaf } from "../../wire/certificate.ts";
import { acceptKey } from "../../wire/websocket.ts";
import { wsServer } from "./peer.ts";

describe("connectWebSocket() to a server of npm ws", () => {
  test("says and hears text and bytes of any length", async () => {
    await using server = await wsServer((socket) =>
      socket.on("message", (message, isBinary) => socket.send(message, { binary: isBinary })),
    );
    await using client = await connectWebSocket(`${server.url}/path?a=1`);
    for (const length of [0, 1, 125, 126, 65_535, 65_536, 1_000_000]) {
      const bytes = Buffer.alloc(length, length % 251);
      client.send(bytes);
      client.send("ä".repeat(length));
      expect(await client.receive()).toEqual(bytes);
      expect(await client.receive()).toBe("ä".repeat(length));
    }
    expect(server.requests).toEqual(["/path?a=1"]);
  });

  test("hears what came with the handshake, before anybody asked", async () => {
    await using server = await wsServer((socket) => {
      socket.send("first");
      socket.send("second");
      socket.close(1000, "enough");
    });
    await using client = await connectWebSocket(server.url);
    expect(await Array.fromAsync(client)).toEqual(["first", "second"]);
  });

  test("agrees on a subprotocol, and sends the fields it is given", async () => {
    await using server = await wsServer((socket, { headers }) => socket.send(headers.authorization ?? ""), {
      handleProtocols: (offered) => [...offered].at(-1) ?? false,
    });
    await using client = await connectWebSocket(server.url, {
      subprotocols: ["a.example", "b.example"],
      headers: { Authorization: "Bearer 7" },
    });
    expect(client.subprotocol).toBe("b.example");
    expect(await client.receive()).toBe("Bearer 7");
  });

  test("answers pings with what was in them, and tells nobody", async () => {
    await using server = await wsServer((socket) => {
      socket.ping("are you there");
      socket.once("pong", (payload) => socket.send(payload.toString()));
    });
    await using client = await connectWebSocket(server.url);
    expect(await client.receive()).toBe("are you there");
  });

  test("closes with a code and a reason, and waits for the answer", async () => {
    const ends: unknown[] = [];
    await using server = await wsServer((socket) =>
      socket.on("close", (code, reason) => ends.push([code, reason.toString()])),
    );
    const client = await connectWebSocket(server.url);
    await client.close(4001, "had enough");
    await server.untilEmpty();
    expect(ends).toEqual([[4001, "had enough"]]);
    expect(() => client.send("late")).toThrow(/CONNECTION_LOST/);
  });

  test.each([
    [1008, "CONNECTION_LOST", "closed with 1008: go away"],
    [4444, "CONNECTION_LOST", "closed with 4444: go away"],
  ])("tells of a close with %i", async (code, error, words) => {
    await using server = await wsServer((socket) => socket.close(code, "go away"));
    await using client = await connectWebSocket(server.url);
    await expect(Array.fromAsync(client)).rejects.toMatchObject({
      code: error,
      message: expect.stringContaining(words) as string,
    });
  });

  test("tells of a connection that breaks off", async () => {
    await using server = await wsServer((socket) => socket.terminate());
    await using client = await connectWebSocket(server.url);
    await expect(client.receive()).rejects.toMatchObject({ code: "CONNECTION_LOST" });
  });

  test("finds out by a ping that nobody is there any more", async () => {
    await using server = await wsServer(() => {}, { autoPong: false });
    await using client = await connectWebSocket(server.url, { pingIntervalMs: 20, pongTimeoutMs: 20 });
    await expect(client.receive()).rejects.toThrow(/CONNECTION_LOST .* no answer to a ping within 20 ms/);
  });

  test("slows the server down when nobody takes the messages, and loses none", async () => {
    const count = 640;
    let socket: WebSocket | undefined;
    await using server = await wsServer((accepted) => {
      socket = accepted;
      for (let number = 0; number < count; number += 1) accepted.send(Buffer.alloc(65_536, number % 256));
    });
    await using client = await connectWebSocket(server.url);
    expect(await client.receive()).toEqual(Buffer.alloc(65_536, 0));
    // More turns than reading all of it would take.
    for (let turn = 0; turn < 3_000; turn += 1) await nextTurn();
    expect(socket?.bufferedAmount).toBeGreaterThan(10_000_000);
    for (let number = 1; number < count; number += 1) {
      expect((await client.receive())[0]).toBe(number % 256);
    }
  });
});

describe("connectWebSocket() over wss:", () => {
  const secure = async () => {
    const https = createHttpsServer(sharedLeaf());
    const peer = await wsServer((socket) => socket.on("message", (message) => socket.send(message)), {
      server: https,
    });
    return peer;
  };

  test("talks to whom it trusts", async () => {
    await using server = await secure();
    await using client = await connectWebSocket(`wss://localhost:${server.port}/`, {
      ca: sharedAuthority().certificate,
    });
    client.send(Buffer.alloc(100_000, 1));
    expect(await client.receive()).toEqual(Buffer.alloc(100_000, 1));
    await using byAddress = await connectWebSocket(`wss://127.0.0.1:${server.port}/`, {
      verifiesCertificate: false,
    });
    expect(byAddress.isOpen).toBe(true);
  });

  test("does not talk to others", async () => {
    await using server = await secure();
    await expect(connectWebSocket(`wss://localhost:${server.port}/`)).rejects.toMatchObject({
      code: "TLS_FAILED",
    });
  });

  test("does not wait for one who says nothing", async () => {
    await using server = await answering("");
    const url = server.url.replace("ws:", "wss:");
    await expect(connectWebSocket(url, { connectTimeoutMs: 50 })).rejects.toMatchObject({
      code: "TIMED_OUT",
    });
  });
});

describe("connectWebSocket() refuses", () => {
  test("a server that does not upgrade, with its status", async () => {
    await using server = await answering("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
    const refused = connectWebSocket(server.url);
    await expect(refused).rejects.toThrow(/REPLY_UNEXPECTED .* did not upgrade: 403 Forbidden/);
    await expect(refused).rejects.toSatisfy((error: HandshakeRefused) => error.status === 403);
  });

  test.each([
    ["a wrong accept key", "Sec-WebSocket-Accept: abc=\r\n", /wrong Sec-WebSocket-Accept/],
    ["an extension", "{accept}Sec-WebSocket-Extensions: permessage-deflate\r\n", /extension/],
    ["a subprotocol that was not offered", "{accept}Sec-WebSocket-Protocol: chat\r\n", /not offered: chat/],
  ])("%s", async (_, fields, words) => {
    await using server = await answering(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n${fields}\r\n`,
    );
    await expect(connectWebSocket(server.url)).rejects.toMatchObject({
      code: "PROTOCOL_VIOLATION",
      message: expect.stringMatching(words) as string,
    });
  });

  test("one that does not answer", async () => {
    await using server = await answering("");
    await expect(connectWebSocket(server.url, { connectTimeoutMs: 50 })).rejects.toMatchObject({
      code: "TIMED_OUT",
    });
  });

  test("nobody", async () => {
    const url = await (async () => {
      await using server = await answering("");
      return server.url;
    })();
    await expect(connectWebSocket(url)).rejects.toMatchObject({ code: "CONNECT_FAILED" });
  });

  test("a URL of something else", async () => {
    await expect(connectWebSocket("http://127.0.0.1/")).rejects.toThrow(TypeError);
  });
});

/** A server that answers every handshake with these bytes; `{accept}` is the right key. */
async function answering(answer: string): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", (bytes) => {
      const key = /sec-websocket-key: (.*)\r\n/i.exec(bytes.toString())?.[1] ?? "";
      socket.write(answer.replace("{accept}", `Sec-WebSocket-Accept: ${acceptKey(key)}\r\n`));
    });
    socket.on("end", () => socket.end());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
