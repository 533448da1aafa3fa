import { describe, expect, test } from "vitest";
import { connectChat } from "../../../clients/websocket/index.ts";
import { startChat } from "../../../servers/websocket/index.ts";

describe.each(["irc", "ircs", "ws"] as const)("connectChat() over %s", (scheme) => {
  test("joins, speaks, and hears everything that happens", async () => {
    await using chat = await startChat({ password: "sesame" });
    const url = { irc: chat.url, ircs: chat.tlsUrl, ws: chat.streamUrl }[scheme];
    const common = { url, password: "sesame", ca: chat.ca, rooms: ["#tea"] };
    await using ann = await connectChat({ ...common, nick: "ann" });
    await using bob = await connectChat({ ...common, nick: "bob" });
    expect(await ann.say("#tea", "hello ✓")).toMatch(/^\d+-\d+$/);
    await bob.notice("ann", "psst");
    ann.setTopic("#tea", "oolong");
    const room = await bob.join("#other");
    expect([...room.members]).toEqual(["bob"]);
    bob.part("#tea", "bye");
    const heard: string[] = [];
    for await (const event of ann) {
      heard.push(`${event.type} ${"nick" in event ? event.nick : ""} ${"text" in event ? event.text : ""}`);
      if (event.type === "part") break;
    }
    expect(heard).toEqual([
      "join ann ",
      "join bob ",
      "message ann hello ✓",
      "notice bob psst",
      "topic ann oolong",
      "part bob bye",
    ]);
    expect([...ann.rooms.get("#tea")!.members]).toEqual(["ann"]);
    expect(ann.rooms.get("#tea")!.topic).toBe("oolong");
  });
});

describe("connectChat()", () => {
  test("says what is wrong", async () => {
    await using chat = await startChat({ password: "sesame" });
    const { url } = chat;
    await expect(connectChat({ url, nick: "ann", password: "wrong" })).rejects.toThrow(
      /REPLY_UNEXPECTED .*Password/,
    );
    await using ann = await connectChat({ url, nick: "ann", password: "sesame" });
    await expect(connectChat({ url, nick: "ANN", password: "sesame" })).rejects.toThrow(/in use/);
    await expect(ann.join("tea")).rejects.toThrow(/REPLY_UNEXPECTED .*No such room/);
    await expect(ann.say("#nowhere", "hello")).rejects.toThrow(/REPLY_UNEXPECTED .*403/);
    await expect(ann.say("nobody", "hello")).rejects.toThrow(/401/);
    await expect(ann.say("ann", "two\nlines")).rejects.toThrow(TypeError);
    await expect(connectChat({ url: "http://127.0.0.1", nick: "a" })).rejects.toThrow(TypeError);
    await ann.close();
    await expect(ann.say("#tea", "hello")).rejects.toThrow(/CONNECTION_LOST/);
    await chat.close();
    await expect(connectChat({ url, nick: "ann" })).rejects.toThrow(/CONNECT_FAILED/);
  });

  test("is told what a room closes, and of somebody who is away that he was told", async () => {
    await using chat = await startChat();
    await using ann = await connectChat({ url: chat.url, nick: "ann", rooms: ["#tea"] });
    await using bob = await connectChat({ url: chat.streamUrl, nick: "bob" });
    ann.sendLine("MODE #tea +im");
    ann.sendLine("AWAY :tea time");
    await expect.poll(() => chat.transcript.text()).toContain(" 306 ann ");
    await expect(bob.join("#tea")).rejects.toThrow(/473 .*Only who is invited/);
    expect(await bob.say("ann", "psst")).toMatch(/^\d+-\d+$/);
    ann.sendLine("INVITE bob #tea");
    await expect.poll(() => chat.transcript.text()).toContain(" 341 ann bob #tea");
    await bob.join("#tea");
    await expect(bob.say("#tea", "hello")).rejects.toThrow(/404 .*You may not speak/);
  });

  test("asks for what was said before it came", async () => {
    await using chat = await startChat();
    const { url } = chat;
    await using ann = await connectChat({ url, nick: "ann", rooms: ["#tea"] });
    for (const text of ["one", "two", "three"]) await ann.say("#tea", text);
    await using bob = await connectChat({ url, nick: "bob", rooms: ["#tea"], history: 2 });
    await ann.say("#tea", "four");
    const heard: string[] = [];
    for await (const { text } of bob.messages()) {
      heard.push(text);
      if (text === "four") break;
    }
    expect(heard).toEqual(["two", "three", "four"]);
  });

  test.each(["rst", "fin", "silence"] as const)(
    "comes back after %s: nothing lost, nothing doubled",
    async (how) => {
      await using chat = await startChat();
      const quick = { retryDelayMs: 5, pingIntervalMs: 40, pongTimeoutMs: 40 };
      await using ann = await connectChat({ url: chat.url, nick: "ann", rooms: ["#tea"] });
      await using bob = await connectChat({ url: chat.streamUrl, nick: "bob", rooms: ["#tea"], ...quick });
      await ann.say("#tea", "before");
      chat.dropConnection("bob", how);
      const said = bob.say("#tea", "said while it was lost");
      await ann.say("#tea", "missed");
      expect(await said).toMatch(/^\d+-\d+$/);
      await ann.say("#tea", "after");
      const heard: string[] = [];
      for await (const { text } of bob.messages()) {
        heard.push(text);
        if (text === "after") break;
      }
      expect(heard).toEqual(["before", "missed", "said while it was lost", "after"]);
      expect([bob.connections, bob.nick]).toEqual([2, "bob"]);
      expect(chat.rooms[0]?.members.map(({ nick }) => nick)).toEqual(["ann", "bob"]);
    },
  );

  test("gives up when it is told to", async () => {
    const chat = await startChat();
    await using ann = await connectChat({ url: chat.url, nick: "ann", retryDelayMs: 1, maxRetries: 2 });
    await using bob = await connectChat({ url: chat.url, nick: "bob", reconnects: false });
    await chat.close({ graceMs: 0 });
    for (const one of [ann, bob]) {
      const events = await Array.fromAsync(one);
      expect(events.map(({ type }) => type)).toEqual(["lost"]);
    }
  });
});
