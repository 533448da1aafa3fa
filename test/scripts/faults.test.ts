import { expect, test } from "vitest";
import { exchange } from "../../clients/exchange/index.ts";
import { needs, runTool, scratch } from "../peers/tools.ts";
import { Talk } from "../wire/talk.ts";
import { run, runServer } from "./spawned.ts";

const greylist = "(whenever first 1 times)\n  C: RCPT TO:<...\n  S: 450 4.7.1 greylisted\n(end)\n";

test("npm run smtp takes --rules and --chaos-triggers, and PUT /api/v1/chaos changes them", async () => {
  using folder = scratch();
  const rules = folder.file("greylist.exchange", greylist);
  await using server = await runServer("smtp", ["--rules", rules, "--chaos-triggers", "Sender:452:100"]);
  await using talk = await Talk.to({ port: Number(new URL(server.ready.smtp).port) });
  await talk.reply();
  await talk.say("EHLO client.test");
  expect(await talk.say("MAIL FROM:<ann@client.test>")).toBe(452);
  const chaos = `${server.ready.inbox}/api/v1/chaos`;
  const body = JSON.stringify({ Authentication: { ErrorCode: 535, Probability: 100 } });
  const put = await fetch(chaos, { method: "PUT", body, headers: { "content-type": "application/json" } });
  expect(await put.json()).toMatchObject({
    Sender: { Probability: 0 },
    Authentication: { ErrorCode: 535, Probability: 100 },
  });
  expect(await talk.say("AUTH PLAIN AGEAYg==")).toBe(535);
  expect(await talk.say("MAIL FROM:<ann@client.test>")).toBe(250);
  expect(await talk.say("RCPT TO:<bob@mail.test>")).toBe(450);
  expect(await talk.say("RCPT TO:<bob@mail.test>")).toBe(250);
});

test("npm run ftp takes --rules", needs("curl"), async () => {
  using folder = scratch();
  const rules = folder.file("no.exchange", "(whenever)\n  C: PASS ...\n  S: 530 not today\n(end)\n");
  await using server = run("ftp", ["--listen", ":0", "--anonymous", "--json", "--rules", rules]);
  const { ftp } = JSON.parse(await server.said("stdout", /^.*\n/)) as { ftp: string };
  await runTool("curl", ["-sS", `${ftp}/`], { codes: [67] });
});

test.each([
  [["--chaos-triggers", "Sender:45:50"], /Sender:451:50/],
  [["--rules", "rules.txt"], /ends in \.exchange/],
  [["--rules", "missing.exchange"], /missing\.exchange|no such file/],
])("a wrong %s is one sentence", async (args, says) => {
  await using process = run("smtp", ["--smtp", ":0", "--listen", ":0", ...args]);
  expect(await process.ended).toBe(1);
  expect(process.stderr).toMatch(says);
  expect(process.stderr.trim().split("\n")).toHaveLength(1);
});

test("npm start gives rules to the server whose dialect they name, and says which never fired", async () => {
  using folder = scratch();
  const block = (said: string, answer: string): string => `(whenever)\n  C: ${said}\n  S: ${answer}\n(end)\n`;
  const files = {
    smtp: folder.file("mail.exchange", `dialect: smtp\n\n${block("NOOP", "250 mail")}`),
    ftp: folder.file("files.exchange", `target: ftp://127.0.0.1\n\n${block("NOOP", "200 files")}`),
    resp: folder.file("keys.exchange", `dialect: resp\n\n${block("PING", "+store")}`),
    line: folder.file("chat.exchange", `target: irc://127.0.0.1\n\n${block("PING rules", "PONG :chat")}`),
    message: folder.file(
      "live.exchange",
      `dialect: message\n\n${block("whose?", "the rules'")}${block("never said", "hi")}`,
    ),
  };
  await using server = await runServer(
    "start",
    Object.values(files).flatMap((file) => ["--rules", file]),
  );
  const said = async (url: string, greeting: boolean, line: string): Promise<string> => {
    await using talk = await exchange(url);
    if (greeting) await talk.hear("220 ...");
    return (await talk.say(line).hear("${text:any}"))["text"] ?? "";
  };
  const { smtp, store, chat, chatStream, gameStream, tickerStream } = server.ready as Readonly<
    Record<string, string>
  >;
  expect(await said(smtp!.replace("smtp:", "tcp:"), true, "NOOP")).toBe("250 mail");
  expect(await said(store!.replace("redis:", "tcp:"), false, "PING")).toBe("+store");
  expect(await said(chat!, false, "PING rules")).toBe("PONG :chat");
  expect(await said(chatStream!, false, "PING rules")).toBe("PONG :chat");
  await using game = await exchange(gameStream!);
  await game.hear("${rooms:any}");
  await game.say("whose?").hear("the rules'");
  await using ticker = await exchange(tickerStream!);
  await ticker.say("whose?").hear("the rules'");
  server.signal("SIGTERM");
  expect(await server.ended).toBe(0);
  expect(server.stderr).toMatch(/^warning: rule 1 \(rule at line 3\) never fired: reply on C: NOOP$/m);
  // What has fired at one of those who were given the same rules has fired.
  expect(server.stderr).toMatch(
    /^warning: rule 2 \(rule at line \d+\) never fired: reply on C: never said$/m,
  );
  expect(server.stderr).not.toMatch(/whose|PING rules/);
});

test.each([
  [
    "(whenever)\n  C: NOOP\n  S: 250 hi\n(end)\n",
    /does not say whom its rules are about; begin it with dialect: smtp/,
  ],
  ["dialect: raw\n", /is about raw; begin it with dialect: smtp/],
])("npm start refuses rules about nobody: %j", async (text, says) => {
  using folder = scratch();
  await using process = run("start", [
    "--smtp",
    ":0",
    "--listen",
    ":0",
    "--rules",
    folder.file("a.exchange", text),
  ]);
  expect(await process.ended).toBe(1);
  expect(process.stderr).toMatch(says);
});

test.each(["smtp", "ftp", "store"])(
  "npm run %s says where a script cannot be read, without a stack",
  async (name) => {
    using folder = scratch();
    const rules = folder.file("a.exchange", "(whenever by the moon)\n  C: NOOP\n(end)\n");
    const where = name === "smtp" ? ["--smtp", ":0", "--listen", ":0"] : ["--listen", ":0"];
    await using process = run(name, [...where, "--rules", rules]);
    expect(await process.ended).toBe(1);
    expect(process.stderr).toMatch(
      /^portside \w+: \S+a\.exchange:1:2: I don't know when 'whenever by the moon'/,
    );
    expect(process.stderr).not.toMatch(/^ +at /m);
  },
);
