import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { letter, startFixture, type Fixture } from "./fixture.ts";

const urlOf = (kit: Fixture): string => `${kit.dashboard.url.replace("http", "ws")}/api/events`;

/** Node's own WebSocket client, and what it hears, one by one. */
async function open(url: string) {
  const socket = new WebSocket(url);
  const heard: { Type: string; Data: Record<string, unknown> | null }[] = [];
  let wake = (): void => {};
  socket.addEventListener("message", ({ data }) => {
    heard.push(JSON.parse(String(data)) as (typeof heard)[number]);
    wake();
  });
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener("open", () => resolve());
    socket.addEventListener("error", () => reject(new Error("the handshake was refused")));
  });
  return {
    socket,
    next: async (type: string) => {
      for (;;) {
        const one = heard.shift();
        if (one?.Type === type) return one.Data;
        if (!one) await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
}

/** Send an opening handshake with other headers; give the status line and the rest. */
async function shakeHands(kit: Fixture, headers: string, path = "/api/events"): Promise<string> {
  const socket = connect(kit.dashboard.port, "127.0.0.1");
  const usual = "Connection: Upgrade\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
  socket.write(`GET ${path} HTTP/1.1\n${usual}\n${headers}\n\n`.replaceAll("\n", "\r\n"));
  return text(socket);
}

const good = "Upgrade: websocket\nSec-WebSocket-Version: 13";

describe("WebSocket /api/events", () => {
  test("tells of new, changed and deleted mails", async () => {
    await using kit = await startFixture({ webroot: "/box" });
    const { socket, next } = await open(urlOf(kit));
    const { id } = await kit.arrive(letter("hello"));
    expect(await next("new")).toMatchObject({
      ID: id,
      Subject: "hello",
      From: { Address: "bob@example.com" },
    });
    expect(await next("stats")).toEqual({ Total: 1, Unread: 1, Version: expect.any(String) });
    await kit.mailbox.mark([id], { isRead: true });
    expect(await next("update")).toEqual({ ID: id, Read: true, Tags: [] });
    await kit.arrive(letter("second"));
    await kit.mailbox.remove([id]);
    expect(await next("delete")).toEqual({ ID: id });
    await kit.mailbox.remove({});
    expect(await next("truncate")).toBe(null);
    socket.close();
  });

  test("says goodbye when the dashboard closes", async () => {
    await using kit = await startFixture();
    const { socket } = await open(urlOf(kit));
    const closed = new Promise<CloseEvent>((resolve) => socket.addEventListener("close", resolve));
    await kit.dashboard.close({ graceMs: 10_000 });
    expect((await closed).code).toBe(1001);
  });

  test("closes by the rules when a client does or breaks them", async () => {
    await using kit = await startFixture();
    const { socket } = await open(urlOf(kit));
    const closed = new Promise<CloseEvent>((resolve) => socket.addEventListener("close", resolve));
    socket.close(3001, "done");
    expect((await closed).code).toBe(3001);
    // An unmasked frame: 1002.
    const raw = connect(kit.dashboard.port, "127.0.0.1");
    raw.write(
      `GET /api/events HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${good.replace("\n", "\r\n")}\r\n\r\n`,
    );
    raw.once("data", () => raw.write(Buffer.from([0x81, 0x01, 0x41])));
    const chunks: Buffer[] = await raw.toArray();
    expect(Buffer.concat(chunks).subarray(-4)).toEqual(Buffer.from([0x88, 0x02, 0x03, 0xea]));
  });

  test.each([
    ["a foreign host", `Host: attacker.example\n${good}`, 403, /not one of ours/],
    [
      "a foreign page",
      `Host: localhost\nOrigin: http://attacker.example\n${good}`,
      403,
      /may not use this server/,
    ],
    [
      "an old version",
      "Host: localhost\nUpgrade: websocket\nSec-WebSocket-Version: 8",
      426,
      /Sec-WebSocket-Version: 13/,
    ],
    ["another protocol", "Host: localhost\nUpgrade: h2c", 400, /no opening handshake/],
  ])("refuses %s", async (_, headers, status, words) => {
    await using kit = await startFixture();
    const answer = await shakeHands(kit, headers);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toMatch(words);
  });

  test("refuses another path, and asks for credentials where there are some", async () => {
    await using kit = await startFixture({ credentials: { ann: "secret" } });
    expect(await shakeHands(kit, `Host: localhost\n${good}`)).toMatch(
      /^HTTP\/1.1 401 .*WWW-Authenticate: Basic/s,
    );
    const login = `Authorization: Basic ${Buffer.from("ann:secret").toString("base64")}`;
    expect(await shakeHands(kit, `Host: localhost\n${login}\n${good}`, "/api/v1/info")).toMatch(
      /^HTTP\/1.1 404 /,
    );
  });
});
