import { connect as connectTls } from "node:tls";
import { describe, expect, test } from "vitest";
import { startChat } from "../../../servers/websocket/index.ts";
import { Person } from "./person.ts";

describe("what a test asks of a chat", () => {
  test("the rooms, and the messages that were said or will be", async () => {
    await using chat = await startChat();
    await using ann = await Person.at(chat, "ann");
    await using bob = await Person.at(chat, "bob");
    await ann.joins("#Tea");
    ann.say("TOPIC #tea :oolong");
    await bob.joins("#tea");
    expect(chat.rooms).toEqual([
      {
        name: "#Tea",
        topic: "oolong",
        members: [
          { nick: "ann", isOperator: true },
          { nick: "bob", isOperator: false },
        ],
      },
    ]);
    const coming = chat.waitForMessage({ room: "#tea", nick: "bob", text: /^later/ });
    ann.say("PRIVMSG #tea :first", "PRIVMSG bob :psst");
    expect(await chat.waitForMessage({ room: "#tea", text: "first" })).toMatchObject({
      room: "#Tea",
      nick: "ann",
    });
    expect(await chat.waitForMessage({ room: "bob" })).toMatchObject({ text: "psst" });
    bob.say("NOTICE #tea :later on");
    expect(await coming).toMatchObject({ kind: "NOTICE", text: "later on" });
    await expect(chat.waitForMessage({ text: "never" }, { timeoutMs: 20 })).rejects.toThrow(
      /TIMED_OUT .*a message "never".*<ann> in #Tea: first/s,
    );
    expect(chat.connections).toBe(2);
  });

  test.each(["rst", "fin", "silence"] as const)("dropConnection(nick, %j)", async (how) => {
    await using chat = await startChat();
    await using ann = await Person.at(chat, "ann");
    await using bob = await Person.at(chat, "bob");
    await ann.joins("#tea");
    await bob.joins("#tea");
    chat.dropConnection("bob", how);
    if (how === "silence") {
      bob.say("PRIVMSG #tea :nobody hears this");
      ann.say("PRIVMSG #tea :nor does bob hear that", "PING 1");
      await ann.hears(/ PONG /);
      // Nothing of it is seen before the time is over in which he should have said that he is there.
      expect(chat.rooms[0]?.members).toHaveLength(2);
      chat.clock.advance(33_000);
      ann.say("PONG");
      await ann.hears(/^PING /);
      ann.say("PING 3");
      await ann.hears(/PONG \S+ :3/);
      chat.clock.advance(33_000);
    }
    await ann.hears(
      how === "silence" ? /^:bob!\S+ QUIT :Ping timeout: 6\d seconds/ : /^:bob!\S+ QUIT :Connection/,
    );
    await bob.end();
    expect(bob.lines.some((line) => line.includes("nor does bob"))).toBe(false);
    expect(() => chat.dropConnection("bob", how)).toThrow(TypeError);
  });

  test("faults: a rule answers, delays and cuts", async () => {
    await using chat = await startChat({
      rules: [
        "(whenever first 1 times)\n  C: JOIN #tea\n  S: :chat.test 471 ann #tea :Cannot join, it is full\n(end)\n",
      ],
    });
    await using ann = await Person.at(chat, "ann");
    ann.say("JOIN #tea");
    await ann.hears(/ 471 /);
    await ann.joins("#tea");
    const takeOut = chat.rules.add({ on: "PING", fault: "reset_peer" });
    ann.say("PING x");
    await ann.end();
    takeOut();
    expect(chat.transcript.text()).toContain("fault 2: reset at connection 1");
  });
});

describe("time", () => {
  test("who does not register is sent away", async () => {
    await using chat = await startChat();
    await using silent = await Person.at(chat);
    silent.say("NICK ann", "PING here");
    await silent.hears(/PONG/);
    chat.clock.advance(13_000);
    await silent.hears(/ERROR .*Registration timed out/);
    await silent.end();
    // The nick is free again.
    await using ann = await Person.at(chat, "ann");
    expect(ann.lines[0]).toContain(" 001 ann ");
  });

  test("what is said is told with the time of the chat", async () => {
    await using chat = await startChat();
    chat.clock.advance(86_400_000);
    await using ann = await Person.at(chat, "ann", "server-time", "echo-message");
    await ann.joins("#tea");
    ann.say("PRIVMSG #tea :good morning");
    const [, time] = /^@time=(\S+) /.exec(await ann.hears(/PRIVMSG/)) ?? [];
    expect(Math.abs(Date.parse(time ?? "") - chat.clock.now())).toBeLessThan(60_000);
  });

  test("who is too fast is heard later, and nothing of it is lost", async () => {
    await using chat = await startChat({ linesPerSecond: 10, lineBurst: 20 });
    await using ann = await Person.at(chat, "ann");
    await using bob = await Person.at(chat, "bob");
    await ann.joins("#tea");
    await bob.joins("#tea");
    ann.say(...Array.from({ length: 100 }, (_, n) => `PRIVMSG #tea :message ${n}`));
    await bob.hears(/:message 10$/);
    expect(bob.lines.some((line) => line.endsWith(":message 30"))).toBe(false);
    const advancing = setInterval(() => chat.clock.advance(1_000), 5);
    await bob.hears(/:message 99$/);
    clearInterval(advancing);
    const heard = bob.lines
      .filter((line) => line.includes(":message "))
      .map((line) => Number(line.split(" ").at(-1)));
    expect(heard).toEqual(Array.from({ length: 100 }, (_, n) => n));
  });
});

describe("doors", () => {
  test("TLS from the first byte, and a password", async () => {
    await using chat = await startChat({ password: "sesame", motd: "one\ntwo" });
    const said = async (...lines: readonly string[]): Promise<string> => {
      const socket = connectTls({
        port: chat.tlsPort,
        host: "127.0.0.1",
        ca: chat.ca,
        servername: "localhost",
      });
      socket.write(lines.map((line) => `${line}\r\n`).join(""));
      let text = "";
      for await (const bytes of socket) text += String(bytes);
      return text;
    };
    expect(await said("PASS wrong", "NICK ann", "USER a 0 * :a")).toMatch(
      / 464 ann .*\r\nERROR .*\(Bad password\)/,
    );
    expect(await said("PASS sesame", "NICK ann", "USER a 0 * :a", "QUIT")).toMatch(
      / 001 ann .* 375 .* 372 ann :- one\r\n.* 372 ann :- two\r\n.* 376 .*Quit: Client quit/s,
    );
  });

  test("closing tells everybody, and twice is the same as once", async () => {
    const chat = await startChat();
    await using ann = await Person.at(chat, "ann");
    await Promise.all([chat.close(), chat.close()]);
    await ann.hears(/^ERROR .*the server closes/);
    await ann.end();
  });

  test("a port that is taken leaves nothing behind", async () => {
    await using chat = await startChat();
    await expect(startChat({ port: chat.port })).rejects.toThrow(/ADDRESS_IN_USE/);
    await expect(startChat({ pagePort: chat.pagePort })).rejects.toThrow(/ADDRESS_IN_USE/);
    await expect(startChat({ serverName: "two words" })).rejects.toThrow(TypeError);
    await expect(startChat({ lineBurst: 0 })).rejects.toThrow(TypeError);
  });
});
