import { once } from "node:events";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { startChat } from "../../../servers/websocket/index.ts";
import { Person } from "./person.ts";

test("a line that is too long is refused, one without an end ends the connection", async () => {
  await using chat = await startChat();
  await using ann = await Person.at(chat, "ann");
  await ann.joins("#tea");
  ann.say(`PRIVMSG #tea :${"x".repeat(600)}`, `@${"a".repeat(5_000)} PING x`, "PING after");
  await ann.hears(/ 417 ann /);
  await ann.hears(/ 417 ann /);
  await ann.hears(/PONG \S+ :after/);
  const before = process.memoryUsage().rss;
  const piece = "y".repeat(65_536);
  // What is sent into a connection that has ended is an error of the socket.
  while (!ann.socket.destroyed) {
    if (!ann.socket.write(piece)) await Promise.race([once(ann.socket, "drain"), ann.end()]).catch(() => {});
  }
  await ann.end();
  expect(ann.lines.some((line) => line.includes("A line without an end"))).toBe(true);
  expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
});

test("a line that is not UTF-8 is told to nobody, at either door", async () => {
  await using chat = await startChat();
  await using ann = await Person.at(chat, "ann", "labeled-response", "batch");
  await using bob = await Person.at(chat, "bob");
  await ann.joins("#tea");
  await bob.joins("#tea");
  ann.socket.write(Buffer.from("@label=x PRIVMSG #tea :caf\u00e9\r\n", "latin1"));
  expect(await ann.hears(/FAIL/)).toBe(
    "@label=x :chat.test FAIL PRIVMSG INVALID_UTF8 :Lines must be UTF-8 here",
  );
  const socket = new WebSocket(chat.streamUrl, "text.ircv3.net");
  const failed = new Promise((resolve) =>
    socket.on("message", (bytes: Buffer) => bytes.toString().includes("FAIL") && resolve(bytes.toString())),
  );
  await once(socket, "open");
  for (const line of ["NICK cy", "USER cy 0 * :cy", "JOIN #tea"]) socket.send(line);
  socket.send(Buffer.from("PRIVMSG #tea :caf\u00e9", "latin1"));
  expect(await failed).toBe(":chat.test FAIL PRIVMSG INVALID_UTF8 :Lines must be UTF-8 here");
  socket.terminate();
  ann.say("PRIVMSG #tea :café");
  expect(await bob.hears(/PRIVMSG/)).toMatch(/:café$/);
});

test("a text that others could not be told in one line is cut between characters", async () => {
  await using chat = await startChat();
  await using ann = await Person.at(chat, "ann");
  await using bob = await Person.at(chat, "bob");
  await ann.joins("#tea");
  await bob.joins("#tea");
  ann.say(`PRIVMSG #tea :${"é".repeat(246)}`);
  const heard = await bob.hears(/PRIVMSG/);
  expect(Buffer.byteLength(heard)).toBeLessThanOrEqual(510);
  expect(heard).toMatch(/ :é+$/);
});

test("who does not read is bounded, and the others do not wait for him", async () => {
  await using chat = await startChat({ maxUnreadBytes: 65_536, linesPerSecond: Infinity });
  await using ann = await Person.at(chat, "ann");
  await using bob = await Person.at(chat, "bob");
  await using sleeper = await Person.at(chat, "sleeper");
  const page = new WebSocket(chat.streamUrl);
  await once(page, "open");
  for (const line of ["NICK page", "USER page 0 * :p", "JOIN #tea"]) page.send(line);
  for (const one of [ann, bob, sleeper]) await one.joins("#tea");
  await expect.poll(() => chat.rooms[0]?.members.length).toBe(4);
  sleeper.socket.pause();
  page.pause();
  const text = "z".repeat(400);
  const gone = new Set<string>();
  for (let n = 0; gone.size < 2; n++) {
    ann.say(...Array.from({ length: 200 }, (_, index) => `PRIVMSG #tea :${n} ${index} ${text}`), `PING ${n}`);
    await ann.hears(new RegExp(`PONG \\S+ :${n}$`));
    await bob.hears(new RegExp(`:${n} 199 `));
    for (const line of ann.lines) {
      const [, nick] = /^:(\w+)!\S+ QUIT :SendQ exceeded/.exec(line) ?? [];
      if (nick !== undefined) gone.add(nick);
    }
    expect(n).toBeLessThan(500);
  }
  expect([...gone].toSorted()).toEqual(["page", "sleeper"]);
  page.terminate();
});

test("a flood of lines keeps nobody else waiting, and is heard to its end", async () => {
  await using chat = await startChat({ linesPerSecond: 2_000, lineBurst: 50 });
  await using flood = await Person.at(chat, "flood");
  await using ann = await Person.at(chat, "ann");
  flood.say(...Array.from({ length: 2_000 }, () => "NONSENSE"), "PING end");
  const begun = performance.now();
  ann.say("PING me");
  await ann.hears(/PONG \S+ :me/);
  expect(performance.now() - begun).toBeLessThan(500);
  await flood.hears(/PONG \S+ :end/);
  expect(flood.lines.filter((line) => line.includes(" 421 "))).toHaveLength(2_000);
});

test("bytes that are no text, and lines of nothing, do no harm", async () => {
  await using chat = await startChat();
  await using ann = await Person.at(chat, "ann");
  ann.socket.write(Buffer.from([0xff, 0xfe, 0x00, 0x0d, 0x0a, 0x0a, 0x0a, 0x20, 0x0d, 0x0a]));
  ann.socket.write(Buffer.from("PRIVMSG #tea :\xff\r\n", "latin1"));
  ann.say("PING x");
  await ann.hears(/PONG/);
  // A browser that is made to send a form here says nothing that is heard.
  const socket = connect(chat.port, "127.0.0.1");
  socket.write("POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nJOIN #tea\r\n");
  await once(socket, "data");
  socket.destroy();
  expect(chat.rooms).toEqual([]);
});

test("a script of nobody's gets into no line of another", async () => {
  await using chat = await startChat();
  await using ann = await Person.at(chat, "ann");
  await using bob = await Person.at(chat);
  bob.say("NICK bob", "USER b!@ob\u0001 0 * :Bob");
  await bob.hears(/ 422 /);
  await ann.joins("#tea");
  await bob.joins("#tea");
  expect(await ann.hears(/JOIN/)).toMatch(/^:bob!bob@127\.0\.0\.1 JOIN #tea$/);
});
