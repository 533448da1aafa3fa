import { get } from "node:https";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { connectChat } from "../../clients/websocket/index.ts";
import { startChat } from "../../servers/websocket/index.ts";
import { makeCertificateAuthority } from "../../wire/certificate.ts";
import { runTool, scratch } from "../peers/tools.ts";
import { run } from "./spawned.ts";

test("npm run chat says its addresses as one JSON object, serves its page, and closes on SIGTERM", async () => {
  await using server = run("chat", ["--listen", ":0", "--page", ":0", "--name", "den", "--json"]);
  const ready = JSON.parse(await server.said("stdout", /^.*\n/)) as Record<string, string>;
  const { chat = "", page = "", stream = "" } = ready;
  expect(Object.keys(ready)).toEqual(["chat", "page", "stream"]);
  const answer = await fetch(page);
  expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining("<title>Chat")]);
  expect(answer.headers.get("content-security-policy")).toMatch(
    /default-src 'none'; script-src 'self' 'sha256-/,
  );
  expect((await fetch(`${page}/wire/irc.js`)).headers.get("content-type")).toContain("text/javascript");
  for (const url of [chat, stream]) {
    await using ann = await connectChat({ url, nick: "ann", rooms: ["#tea"] });
    expect(await ann.say("#tea", "hello")).toMatch(/^\d+-\d+$/);
  }
  server.signal("SIGTERM");
  expect(await server.ended).toBe(0);
  expect(server.stderr).toBe("");
});

test("npm run chat --tls-cert is for IRC with TLS and for the page alike", async () => {
  const authority = makeCertificateAuthority();
  const { cert, key } = authority.issue();
  using folder = scratch();
  const given = ["--tls-cert", folder.file("cert.pem", cert), "--tls-key", folder.file("key.pem", key)];
  await using server = run("chat", ["--listen", ":0", ...given]);
  const screen = await server.said("stdout", /^.*Ctrl-C/s);
  const [irc = "", page = "", stream = ""] = screen.match(/(ircs|https|wss):\S+/g) ?? [];
  const ca = authority.certificate;
  await using ann = await connectChat({ url: stream, ca, nick: "ann", rooms: ["#tea"] });
  await using bob = await connectChat({ url: irc, ca, nick: "bob", rooms: ["#tea"] });
  await ann.say("#tea", "hello");
  await bob.waitForMessage(({ text }) => text === "hello");
  const html = await new Promise<string>((resolve, reject) => {
    get(page, { ca }, (response) => void text(response).then(resolve, reject)).on("error", reject);
  });
  expect(html).toContain("<title>Chat");
});

test("npm run chat says in one sentence what is wrong", async () => {
  await using chat = await startChat();
  for (const [args, complaint] of [
    [["--listen", `:${chat.port}`], /^portside chat: 127\.0\.0\.1:\d+ is taken by another process/],
    [["--bus", "http://127.0.0.1"], /^portside chat: .*http:\/\/127\.0\.0\.1 is no redis/],
    [["--join", "two words"], /^portside chat: --join is "two words"; give the name of one room/],
  ] as const) {
    await using command = run("chat", args);
    expect(await command.ended).toBe(1);
    expect(command.stderr).toMatch(complaint);
    expect(command.stderr.trim().split("\n")).toHaveLength(1);
  }
});

test("npm run chat -- --join speaks what is typed, and prints what it hears as text", async () => {
  await using chat = await startChat();
  await using ann = await connectChat({ url: chat.url, nick: "ann", rooms: ["#tea"] });
  await ann.say("#tea", "before\u001b[31m");
  const script = new URL("../../scripts/chat.ts", import.meta.url).pathname;
  const typed = ["hello from a pipe", "/msg ann psst", "/topic leaves", "/names", "/wrong", "/quit"].join(
    "\n",
  );
  const args = [script, "--join", "tea", "--nick", "bob", "--server", chat.streamUrl];
  const { stdout, stderr } = await runTool(process.execPath, args, { input: `${typed}\n` });
  expect(stdout).toMatch(/#tea <ann> before\ufffd\[31m\n/);
  expect(stdout).toMatch(/#tea <bob> hello from a pipe\n/);
  expect(stdout).toContain("ann bob\n");
  expect(stderr).toMatch(
    /^bob in #tea \(ann bob\) at ws:.*; \/help lists the commands\n\/wrong is no command/,
  );
  expect(await ann.waitForMessage(({ room }) => room === "ann")).toMatchObject({ text: "psst" });
});
