import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { explain, type Explained } from "../../../scripts/compare/explain.ts";
import { explainedText } from "../../../scripts/compare/explain/text.ts";
import { acceptKey } from "../../../wire/websocket-frame.ts";
import { run, runServer } from "../spawned.ts";

const titlesOf = ({ parts }: Explained, from: string): string[] =>
  parts.filter((heard) => heard.from === from).map(({ part }) => part.title.split(",")[0]!);

const valueOf = ({ parts }: Explained, name: string): string | undefined =>
  parts.flatMap(({ part }) => part.fields).find((field) => field.name === name)?.value;

describe("explain()", () => {
  test("shows a WebSocket from its upgrade to its close, with the bytes of this connection", async () => {
    const [one] = await explain("Hello", ["websocket"]);
    expect(titlesOf(one!, "client")).toEqual(["request head", "text frame", "close frame", "the end (FIN)"]);
    expect(titlesOf(one!, "server")).toEqual(["answer head", "text frame", "close frame", "the end (FIN)"]);
    // Not canned: the answer is the one to this key, and the next key is another.
    const key = valueOf(one!, "Sec-WebSocket-Key")!;
    expect(valueOf(one!, "Sec-WebSocket-Accept")).toBe(acceptKey(key));
    const [next] = await explain("Hello", ["websocket"]);
    expect(valueOf(next!, "Sec-WebSocket-Key")).not.toBe(key);
    expect(valueOf(one!, "payload, unmasked")).toBe("Hello");
  });

  test("counts what passes: the arithmetic of the standards", async () => {
    const message = "x".repeat(200);
    const [websocket, tcp, udp] = await explain(message, ["websocket", "tcp", "udp"]);
    const frames = websocket!.parts.filter(({ part }) => part.title.startsWith("text frame"));
    // Two bytes, two of length from 126 on, four of mask from the client.
    expect(frames.map(({ part }) => part.bytes.length)).toEqual([208, 204]);
    expect(tcp!.bytes).toEqual({ client: 204, server: 204 });
    expect(udp!.bytes).toEqual({ client: 200, server: 200 });
  });

  test("shows TLS from outside, where the message is not to be read, and from inside", async () => {
    const [one] = await explain("a message to hide", ["tls"]);
    const outside = one!.parts.filter(({ isOnWire }) => isOnWire).map(({ part }) => part.bytes);
    expect(Buffer.concat(outside).includes("a message to hide")).toBe(false);
    expect(outside.length).toBeGreaterThan(4);
    const inside = one!.parts.filter(({ channel }) => channel === "inside TLS");
    expect(inside.map(({ from, part }) => [from, part.bytes.toString("latin1", 4)])).toEqual([
      ["client", "a message to hide"],
      ["server", "a message to hide"],
    ]);
    const counted = one!.bytes.client + one!.bytes.server;
    expect(counted).toBe(Buffer.concat(outside).length);
  });

  test("tells what goes wrong with one and goes on with the next: no datagram is that long", async () => {
    const message = "x".repeat(66_000);
    const [udp, tcp] = await explain(message, ["udp", "tcp"]);
    expect(udp!.failure).toMatch(/EMSGSIZE/);
    expect(udp!.bytes).toEqual({ client: 0, server: 0 });
    expect(tcp!.failure).toBe(undefined);
    expect(tcp!.bytes).toEqual({ client: 66_004, server: 66_004 });
    const text = explainedText([udp!, tcp!], message, 80, (_, words) => words);
    expect(text).toMatch(/It went wrong: send EMSGSIZE/);
    expect(text).toMatch(/UDP .* failed$/m);
  });

  test("shows the same as a request, as a mail and as an upload over two connections", async () => {
    const [http, smtp, ftp] = await explain("Grüße", ["http", "smtp", "ftp"]);
    expect(titlesOf(http!, "client")).toEqual(["request head", "body", "the end (FIN)"]);
    expect(titlesOf(http!, "server")).toEqual(["answer head", "body", "the end (FIN)"]);
    expect(titlesOf(smtp!, "client")).toEqual(
      expect.arrayContaining(["EHLO", "MAIL FROM", "RCPT TO", "DATA", "the mail"]),
    );
    const file = ftp!.parts.find(
      ({ channel, part }) => channel === "data connection" && part.bytes.length > 0,
    );
    expect(file?.part.bytes.toString()).toBe("Grüße");
    expect(titlesOf(ftp!, "client")).toContain("STOR");
  });
});

describe("npm run compare -- --explain", () => {
  test("says it all within 80 columns, without colours where there is no terminal", async () => {
    await using command = run("compare", ["--explain", "--message", "Ahoi"], { COLUMNS: "80" });
    expect(await command.ended).toBe(0);
    const { stdout } = command;
    expect(stdout).toBe(stripVTControlCharacters(stdout));
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
    for (const title of ["WebSocket", "TCP", "TLS", "UDP", "HTTP POST", "SMTP", "FTP"]) {
      expect(stdout).toContain(`── ${title}`);
    }
    expect(stdout).toMatch(/1\.\.\. \.{4} +FIN +the last frame of its message/);
    expect(stdout).toMatch(/\.000 0100 +length +4: up to 125 stand here/);
    expect(stdout).toMatch(/0000 {2}00 00 00 04 41 68 6f 69 +····Ahoi/);
    expect(stdout).toMatch(/The same 4 bytes, once each/);
  });

  test("--json gives one document with the bytes in it", async () => {
    await using command = run("compare", ["--explain", "--json"]);
    expect(await command.ended).toBe(0);
    const all = JSON.parse(command.stdout) as {
      name: string;
      parts: { bytes: string; fields: object[] }[];
    }[];
    expect(all.map(({ name }) => name)).toEqual(["websocket", "tcp", "tls", "udp", "http", "smtp", "ftp"]);
    expect(all[1]?.parts[0]).toMatchObject({ bytes: "0000000548656c6c6f", fields: [{ value: "5" }, {}] });
  });

  test("a message without --explain is refused, and so is an empty one", async () => {
    await using alone = run("compare", ["--message", "x"]);
    expect(await alone.ended).toBe(1);
    expect(alone.stderr).toContain("--message goes with --explain");
    await using empty = run("compare", ["--explain", "--message", ""]);
    expect(await empty.ended).toBe(1);
    expect(empty.stderr).toContain("--message is empty");
  });

  test("colours it for a terminal, and wraps for its width", async () => {
    const text = explainedText(
      await explain("Hi", ["tcp"]),
      "Hi",
      72,
      (style, words) => `<${style}>${words}</>`,
    );
    expect(text).toContain("<cyan>client →</>");
    expect(text).toContain("<green>← server</>");
    const plain = text.replaceAll(/<\w+>|<\/>/g, "");
    expect(Math.max(...plain.split("\n").map((line) => line.length))).toBeLessThanOrEqual(76);
  });
});

test.each(["smtp", "start"])(
  "npm run %s has the comparison on its dashboard, and ends with it",
  async (name) => {
    await using server = await runServer(name);
    const call = (path: string, init?: RequestInit) =>
      fetch(`${server.ready.inbox}/api/v1/compare${path}`, init);
    expect((await call("", { method: "POST", body: '{"Message":"Ahoi"}' })).status).toBe(202);
    const stream = await call("/stream");
    let told = "";
    for await (const chunk of stream.body!.pipeThrough(new TextDecoderStream())) {
      told += chunk;
      if (/"Type":"end"[^\n]*"Transport":"ftp"[^\n]*\n/.test(told)) break;
    }
    expect(told.match(/"Failure":""/g)).toHaveLength(7);
    server.signal("SIGTERM");
    expect(await server.ended).toBe(0);
    expect(server.stderr).toBe("");
  },
);
