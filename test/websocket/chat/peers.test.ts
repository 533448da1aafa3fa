import { spawn } from "node:child_process";
import { once } from "node:events";
import { Client } from "irc-framework";
import { describe, expect, test } from "vitest";
import { WebSocket as TheirWebSocket } from "ws";
import { connectChat } from "../../../clients/websocket/index.ts";
import { startChat } from "../../../servers/websocket/index.ts";
import { needs, python, runTool, scratch } from "../../peers/tools.ts";

/** What irc-framework tells of a message. */
interface Heard {
  readonly nick: string;
  readonly target: string;
  readonly message: string;
  readonly tags: Readonly<Record<string, string>>;
}

describe("other people's clients on the TCP door", () => {
  test("irc-framework joins, speaks, hears, and asks who is there", async () => {
    await using chat = await startChat({ motd: "be kind" });
    await using ann = await connectChat({ url: chat.url, nick: "ann", rooms: ["#tea"] });
    const bob = new Client();
    const event = async (name: string): Promise<unknown> =>
      await new Promise((resolve) => void bob.once(name, resolve));
    const welcome = event("registered");
    const motd = event("motd");
    bob.connect({
      host: chat.host,
      port: chat.port,
      nick: "bob",
      username: "bob",
      gecos: "Bob B",
      auto_reconnect: false,
      enable_echomessage: true,
    });
    expect(await welcome).toMatchObject({ nick: "bob" });
    expect(await motd).toMatchObject({ motd: expect.stringContaining("be kind") as string });
    expect(bob.network.cap.enabled).toEqual(
      expect.arrayContaining(["server-time", "message-tags", "echo-message", "batch"]),
    );
    expect(bob.network.supports("NETWORK")).toBe("chat");
    const users = event("userlist");
    bob.join("#tea");
    expect(await users).toMatchObject({
      channel: "#tea",
      users: [{ nick: "ann", modes: ["o"] }, { nick: "bob" }],
    });
    const echo = event("message");
    bob.say("#tea", "hello from irc-framework ✓");
    expect(await echo).toMatchObject({
      nick: "bob",
      message: "hello from irc-framework ✓",
      from_server: false,
    });
    const heard = event("message");
    const id = await ann.say("#tea", "hello from Portside");
    expect((await heard) as Heard).toMatchObject({
      nick: "ann",
      message: "hello from Portside",
      tags: { msgid: id },
    });
    const topic = event("topic");
    ann.setTopic("#tea", "oolong");
    expect(await topic).toMatchObject({ channel: "#tea", topic: "oolong" });
    const who = event("wholist");
    bob.who("#tea");
    expect(await who).toMatchObject({ users: [{ nick: "ann" }, { nick: "bob", real_name: "Bob B" }] });
    const whois = event("whois");
    bob.whois("ann");
    expect(await whois).toMatchObject({ nick: "ann", hostname: "127.0.0.1" });
    const closed = event("close");
    bob.quit("bye");
    await closed;
    await ann.waitForMessage(({ text }) => text === "hello from irc-framework ✓");
  });

  test("irssi joins, speaks, and shows what others say", needs("irssi", "script"), async () => {
    await using chat = await startChat();
    await using ann = await connectChat({ url: chat.url, nick: "ann", rooms: ["#tea"] });
    using home = scratch();
    // irssi wants a terminal.
    const command = `irssi --home=${home.path} --connect=${chat.host} --port=${chat.port} --nick=irene`;
    const irssi = spawn("script", ["-qec", command, "/dev/null"], {
      env: { ...process.env, TERM: "xterm", LC_ALL: "C.UTF-8" },
      stdio: ["pipe", "pipe", "inherit"],
    });
    const ended = once(irssi, "close");
    let screen = "";
    irssi.stdout.setEncoding("utf8").on("data", (text: string) => (screen += text));
    await expect.poll(() => chat.transcript.text(), { timeout: 20_000 }).toContain(" 001 irene ");
    irssi.stdin.write("/join #tea\n");
    await expect.poll(() => chat.rooms[0]?.members.length, { timeout: 20_000 }).toBe(2);
    irssi.stdin.write("hello from irssi\n");
    await chat.waitForMessage(
      { room: "#tea", nick: "irene", text: "hello from irssi" },
      { timeoutMs: 20_000 },
    );
    await ann.say("#tea", "hello-from-Portside");
    await expect.poll(() => screen, { timeout: 20_000 }).toContain("hello-from-Portside");
    irssi.stdin.write("/quit\n");
    await ended;
    await expect.poll(() => chat.rooms[0]?.members.length, { timeout: 20_000 }).toBe(1);
  });
});

describe("other people's WebSockets", () => {
  const hello = ["NICK bob", "USER bob 0 * :Bob", "JOIN #tea", "PRIVMSG #tea :hello ✓"];

  test.each([
    ["npm ws", TheirWebSocket as unknown as typeof WebSocket],
    ["Node's own", WebSocket],
  ])("%s", async (_, Theirs) => {
    await using chat = await startChat();
    await using ann = await connectChat({ url: chat.url, nick: "ann", rooms: ["#tea"] });
    const socket = new Theirs(chat.streamUrl, ["text.ircv3.net"]);
    const lines: string[] = [];
    const quit = new Promise<CloseEvent>((resolve) => socket.addEventListener("close", resolve));
    socket.addEventListener("message", ({ data }: MessageEvent) => {
      lines.push(String(data));
      if (String(data).endsWith("PRIVMSG #tea :bye")) socket.send("QUIT :bye");
    });
    await new Promise((resolve) => socket.addEventListener("open", resolve));
    expect(socket.protocol).toBe("text.ircv3.net");
    for (const line of hello) socket.send(line);
    await ann.waitForMessage(({ text }) => text === "hello ✓");
    await ann.say("#tea", "bye");
    expect(await quit).toMatchObject({ code: 1000, wasClean: true });
    // Each message is one line, without its end.
    expect(lines.every((line) => !/[\r\n]/.test(line))).toBe(true);
    expect(lines).toContain(":chat.test 366 bob #tea :End of NAMES");
    expect(lines.at(-1)).toBe("ERROR :Closing Link: 127.0.0.1 (Quit: bye)");
  });

  test("npm ws speaks binary.ircv3.net when it offers that first", async () => {
    await using chat = await startChat();
    await using ann = await connectChat({ url: chat.url, nick: "ann", rooms: ["#tea"] });
    const socket = new TheirWebSocket(chat.streamUrl, ["binary.ircv3.net", "text.ircv3.net"]);
    const lines: string[] = [];
    let texts = 0;
    const closed = new Promise<void>((resolve) => socket.on("close", () => resolve()));
    socket.on("message", (bytes: Buffer, isBinary: boolean) => {
      if (!isBinary) texts++;
      lines.push(bytes.toString());
      if (lines.at(-1)!.endsWith("PRIVMSG #tea :✓ too")) socket.send(Buffer.from("QUIT"));
    });
    await new Promise((resolve) => socket.on("open", resolve));
    expect(socket.protocol).toBe("binary.ircv3.net");
    for (const line of hello) socket.send(Buffer.from(line));
    await ann.waitForMessage(({ text }) => text === "hello ✓");
    await ann.say("#tea", "✓ too");
    await closed;
    expect(lines).toContain(":chat.test 366 bob #tea :End of NAMES");
    expect(texts).toBe(0);
  });

  test("Python's websockets", needs(python), async () => {
    await using chat = await startChat();
    await using ann = await connectChat({ url: chat.url, nick: "ann", rooms: ["#tea"] });
    const script = `
import asyncio, sys, websockets
async def main():
    async with websockets.connect(sys.argv[1], subprotocols=["text.ircv3.net"]) as socket:
        for line in ${JSON.stringify(hello)}:
            await socket.send(line)
        async for line in socket:
            print(line)
            if line.endswith("PRIVMSG #tea :bye"):
                await socket.send("QUIT")
    print(socket.subprotocol, socket.close_code)
asyncio.run(main())`;
    const running = runTool(python, ["-c", script, chat.streamUrl]);
    await ann.waitForMessage(({ text }) => text === "hello ✓");
    await ann.say("#tea", "bye");
    expect((await running).stdout).toMatch(/:bob!bob@127\.0\.0\.1 JOIN #tea\n[^]*\ntext\.ircv3\.net 1000\n$/);
  });

  test("a page of somebody else may not come in", async () => {
    await using chat = await startChat();
    const socket = new TheirWebSocket(chat.streamUrl, ["text.ircv3.net"], {
      origin: "http://elsewhere.test",
    });
    const [error] = (await once(socket, "error")) as [Error];
    expect(error.message).toContain("403");
  });

  test("a token, when one is asked for", async () => {
    await using chat = await startChat({ token: "sesame" });
    const common = { nick: "ann", rooms: ["#tea"] };
    await expect(connectChat({ ...common, url: chat.streamUrl })).rejects.toThrow(/REPLY_UNEXPECTED .*401/);
    await using ann = await connectChat({ ...common, url: `${chat.streamUrl}?token=sesame` });
    expect(await ann.say("#tea", "hello")).toMatch(/^\d+-\d+$/);
  });
});
