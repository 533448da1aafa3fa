import { describe, expect, test } from "vitest";
import { broadcast, type Door, startWebSocket, type WebSocketConnection } from "portside/servers/websocket";
import { echo, peer } from "./peer.ts";

describe("startWebSocket()", () => {
  test("hears text and bytes, and answers", async () => {
    await using server = await startWebSocket({ "/": { doors: { "/echo": echo } } });
    await using client = await peer(`${server.streamUrl}/echo`);
    client.send("häää");
    client.send(Buffer.from([1, 2, 3]));
    expect(await client.next()).toBe("häää");
    expect(await client.next()).toEqual(Buffer.from([1, 2, 3]));
    expect(server.transcript.text()).toBe("1 C: häää\n1 S: häää\n1 C: (3 bytes)\n1 S: (3 bytes)");
  });

  test("sends what many are told to each of them once, in order with what only one is told", async () => {
    const there = new Set<WebSocketConnection>();
    const room: Door = {
      welcome: (connection) => {
        there.add(connection);
        return {
          heard: (message) => {
            broadcast(there, message.toString());
            connection.send("own");
            broadcast(there, "others", connection);
            broadcast(there, "end");
          },
          closed: () => there.delete(connection),
        };
      },
    };
    await using server = await startWebSocket({ "/": { doors: { "/room": room } } });
    await using ann = await peer(`${server.streamUrl}/room`);
    await using bob = await peer(`${server.streamUrl}/room`);
    await using cid = await peer(`${server.streamUrl}/room`);
    ann.send("hello");
    expect(await ann.take(3)).toEqual(["hello", "own", "end"]);
    expect(await bob.take(3)).toEqual(["hello", "others", "end"]);
    expect(await cid.take(3)).toEqual(["hello", "others", "end"]);
  });

  test("agrees on the first subprotocol of the client's that is its own", async () => {
    const door: Door = {
      subprotocols: ["binary.example", "text.example"],
      welcome: (connection, { subprotocol }) => ({ heard: () => connection.send(subprotocol ?? "none") }),
    };
    await using server = await startWebSocket({ "/": { doors: { "/ws": door } } });
    await using client = await peer(`${server.streamUrl}/ws`, ["other", "text.example", "binary.example"]);
    expect(client.socket.protocol).toBe("text.example");
    client.send("?");
    expect(await client.next()).toBe("text.example");
  });

  test("serves several sites by their paths, and doors for all below a path", async () => {
    const tell: Door = {
      welcome: (connection, { url }) => ({ heard: () => connection.send(url.pathname + url.search) }),
    };
    await using server = await startWebSocket({
      "/": { doors: { "/ws/*": tell }, answer: (_, path) => new Response(`root ${path}`) },
      "/chat": { doors: { "/": tell }, answer: (_, path) => new Response(`chat ${path}`) },
    });
    const get = async (path: string): Promise<string> => await (await fetch(server.url + path)).text();
    expect(await get("/other/a")).toBe("root /other/a");
    expect(await get("/chat/a")).toBe("chat /a");
    expect((await fetch(`${server.url}/chat?a=1`)).url).toBe(`${server.url}/chat/?a=1`);
    await using all = await peer(`${server.streamUrl}/ws/btcusdt@trade?x=1`);
    await using own = await peer(`${server.streamUrl}/chat`);
    all.send("?");
    own.send("?");
    expect(await all.next()).toBe("/ws/btcusdt@trade?x=1");
    expect(await own.next()).toBe("/");
  });

  test("says goodbye with 1001 when it closes, and keeps nobody", async () => {
    const server = await startWebSocket({ "/": { doors: { "/echo": echo } } });
    await using client = await peer(`${server.streamUrl}/echo`);
    const closed = client.closed();
    await server.close();
    expect(await closed).toEqual({ code: 1001, reason: "the server closes" });
    expect(server.connections.size).toBe(0);
    await server.close();
  });

  test("causes faults by its rules, on connections that are open too", async () => {
    await using server = await startWebSocket({ "/": { doors: { "/echo": echo } } });
    await using client = await peer(`${server.streamUrl}/echo`);
    server.rules.add("(whenever)\n  C: hello...\n  S: not today\n(end)\n");
    client.send("hello you");
    client.send("bye");
    expect(await client.take(2)).toEqual(["not today", "bye"]);
    server.rules.add({ fault: "disconnect", on: "cut" });
    client.send("cut");
    expect(await client.closed()).toMatchObject({ code: 1006 });
  });
});
