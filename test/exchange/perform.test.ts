import { createConnection, createServer, type Socket } from "node:net";
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { tryExchange } from "../../clients/exchange/index.ts";
import { serveExchange } from "../../servers/exchange/index.ts";
import { ExchangeFailure } from "../../wire/exchange/failure.ts";
import { prepare } from "../../wire/exchange/load.ts";
import { textReport } from "../../wire/exchange/reports/text.ts";
import type { Outcome } from "../../wire/exchange/trace.ts";

/** A server of another making: it says what a function of this test says. */
async function bareServer(speak: (socket: Socket) => void): Promise<{ url: string } & AsyncDisposable> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    speak(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  return {
    url: `tcp://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

const play = async (text: string, target: string, timeoutMs = 500): Promise<Outcome> =>
  await tryExchange(prepare(text, "t.exchange"), { target, timeoutMs });

/** Plays against a server that has said its bytes before anybody asks, and leaves. */
async function against(said: string | Buffer, text: string, scheme = "tcp"): Promise<Outcome> {
  await using server = await bareServer((socket) => socket.end(said));
  return await play(`(C connects)\n${text}`, server.url.replace("tcp", scheme));
}

test("a rule that never fired is a warning for the side that could have met it", async () => {
  const text = "(whenever)\n  C: NOOP\n  S: ok\n(end)\n(C connects)\nC: hello\nS: hi\n(S closes)";
  await using served = await serveExchange(prepare(text, "t.exchange"), { scheme: "tcp" });
  expect((await play(text, served.url)).warnings).toEqual([]);
  expect((await served.done).warnings).toEqual(["the rule at line 1 never fired: C: NOOP"]);
});

describe("a script opens doors on loopback only", () => {
  test.each(["C listens 0.0.0.0:0", "C listens data on 0.0.0.0", "S listens data *"])(
    "(%s) is refused",
    (act) => {
      expect(() => prepare(`(C connects)\n(${act})`, "t.exchange")).toThrow(act);
    },
  );

  test("the address that it tells is the only one that the door has", async () => {
    const dialled = Promise.withResolvers<string>();
    await using server = await bareServer((socket) => {
      socket.once("data", (said) => {
        const [first = 0, second = 0] = /(\d+),(\d+)\r\n$/.exec(said.toString())!.slice(1).map(Number);
        const port = first * 256 + second;
        // A listener on all addresses would have this one too.
        const other = createConnection(port, "127.0.0.2");
        other.once("connect", () => dialled.resolve("let in"));
        other.once("error", (error: NodeJS.ErrnoException) => dialled.resolve(error.code ?? ""));
        void dialled.promise.then(() => socket.end("200 noted\r\n"));
        expect(said.toString()).toMatch(/^PORT 127,0,0,1,/);
      });
    });
    const script = "dialect: ftp\n\n(C connects)\n(C listens data)\nC: PORT ${data:pasv}\nS: 200 noted";
    const outcome = await play(script, server.url.replace("tcp", "ftp"), 5_000);
    expect(await dialled.promise).toBe("ECONNREFUSED");
    expect(outcome.failure).toBeUndefined();
  });
});

test("a kind that only another dialect has is told where it is spoken", async () => {
  const outcome = await against("S\r\n", "C ping: x\nS: y");
  expect(outcome.failure).toMatchObject({
    kind: "error",
    at: { line: 2 },
    summary: "the dialect 'line' has no lines of the kind 'ping'",
  });
});

describe("listening, a line", () => {
  test("without a mark is met once, holes capture and must be equal afterwards", async () => {
    expect((await against("id 7\r\nagain 7\r\n", "S: id ${n:int}\nS: again ${n}")).failure).toBeUndefined();
    const wrong = await against("id 7\r\nagain 8\r\n", "S: id ${n:int}\nS: again ${n}");
    expect(wrong.failure).toMatchObject({ kind: "mismatch", at: { line: 3 }, differsAt: 6 });
  });

  test("marked ? may be missing", async () => {
    const script = "S?: a\nS: b\n(S closes)";
    expect((await against("a\r\nb\r\n", script)).failure).toBeUndefined();
    expect((await against("b\r\n", script)).failure).toBeUndefined();
    expect((await against("c\r\n", script)).failure).toMatchObject({ kind: "mismatch", at: { line: 3 } });
  });

  test("marked * comes any number of times, lazily, and forgets its names", async () => {
    const script = "S*: item ${x:int}\nS: item 9\nS: end\n(S closes)";
    expect((await against("item 1\r\nitem 2\r\nitem 9\r\nend\r\n", script)).failure).toBeUndefined();
    expect((await against("item 9\r\nend\r\n", script)).failure).toBeUndefined();
  });

  test("marked + comes at least once", async () => {
    const script = "S+: item ${x:int}\nS: end";
    expect((await against("item 1\r\nitem 2\r\nend\r\n", script)).failure).toBeUndefined();
    expect((await against("end\r\n", script)).failure).toMatchObject({ kind: "mismatch" });
  });

  test("marked & stands in any order among its neighbours", async () => {
    const script = "S&: a\nS&: b ${n:int}\nS&: c\nS: end";
    expect((await against("c\r\na\r\nb 1\r\nend\r\n", script)).failure).toBeUndefined();
    expect((await against("c\r\na\r\na\r\nend\r\n", script)).failure).toMatchObject({ kind: "mismatch" });
  });

  test("that ends in ... has a rest, or nothing", async () => {
    expect((await against("-ERR wrong\r\n-ERR\r\n", "S: -ERR...\nS: -ERR...")).failure).toBeUndefined();
    expect((await against("-OK\r\n", "S: -ERR...")).failure).toBeDefined();
  });

  test("raw, hex, b64 and attachments are bytes, wherever messages end", async () => {
    const script =
      'S raw: a${"\\r\\n"}b\nS: c\nS hex: 64 0d0a\nS b64: ZQ0K\nS file: f\n(S closes)\n\n-- f --\nlast\n';
    expect((await against("a\r\nbc\r\nd\r\ne\r\nlast\n", script)).failure).toBeUndefined();
    expect((await against("a\r\nbX\r\nd\r\n", script)).failure).toMatchObject({
      kind: "mismatch",
      differsAt: 4,
    });
  });

  test("hex reads what xxd, hexdump -C and Wireshark print", async () => {
    const bytes = Buffer.from("GET / HTTP/1.1\r\nHost: a\r\n");
    const dumps = [
      "  00000000: 4745 5420 2f20 4854 5450 2f31 2e31 0d0a  GET / HTTP/1.1..\n  00000010: 486f 7374 3a20 610d 0a                   Host: a..",
      "  00000000  47 45 54 20 2f 20 48 54  54 50 2f 31 2e 31 0d 0a  |GET / HTTP/1.1..|\n  00000010  48 6f 73 74 3a 20 61 0d  0a                       |Host: a..|",
      "  0000   47 45 54 20 2f 20 48 54 54 50 2f 31 2e 31 0d 0a   GET / HTTP/1.1..\n  0010   48 6f 73 74 3a 20 61 0d 0a                        Host: a..",
      "  47 45 54 20 2f 20 48 54 54 50 2f 31 2e 31\n  0d0a 486f73743a20610d0a",
    ];
    for (const dump of dumps)
      expect((await against(bytes, `S hex:\n${dump}\n(S closes)`)).failure).toBeUndefined();
  });
});

describe("in smtp", () => {
  test("prose is prose: the code counts, holes are found by type", async () => {
    const reply = "250-other.test greets you\r\n250-SIZE 1000\r\n250 HELP\r\n";
    const fits = async (text: string): Promise<boolean> =>
      (await against(reply, text, "smtp")).failure === undefined;
    expect(await fits("S: 250 anything at all")).toBe(true);
    expect(await fits("S: 2xx")).toBe(true);
    expect(await fits("S: 25x-one\nS: 25x two")).toBe(true);
    expect(await fits("S: 250-x\nS&: 250-SIZE ${n:int}\nS: 250 y")).toBe(true);
    expect(await fits("S: 250-the limit is ${n:int}\nS: 250 y")).toBe(true);
    expect(await fits("S: 251 x")).toBe(false);
    expect(await fits("S: 5xx x")).toBe(false);
    expect(await fits("S: 250-x\nS&: 250-STARTTLS\nS: 250 y")).toBe(false);
    expect(await fits("S=: 250-other.test greets you\nS: 250 y")).toBe(true);
    expect(await fits("S=: 250-other.test greets me\nS: 250 y")).toBe(false);
    expect(await fits("S: 250-${who:ip} is there\nS: 250 y")).toBe(false);
  });

  test("verbs have no case, what follows has", async () => {
    await using served = await serveExchange(
      prepare(
        "(C connects)\nS: 220 hi\nC: mail FROM:<A@b.c>\nS: 250 ok\nC: QUIT\nS: 221 bye\n",
        "t.exchange",
      ),
      { scheme: "smtp", timeoutMs: 500 },
    );
    const socket = createConnection(served.port, "127.0.0.1");
    socket.write("MAIL from:<A@b.c>\r\nquit\r\n");
    socket.resume();
    expect((await served.done).failure).toBeUndefined();
    socket.destroy();
  });
});

describe("a direction", () => {
  test("(S closes) refuses bytes before the end, and a reset", async () => {
    expect((await against("x\r\n", "(S closes)")).failure).toMatchObject({ kind: "noise" });
    await using server = await bareServer((socket) => socket.once("data", () => socket.resetAndDestroy()));
    expect((await play("(C connects)\nC: x\n(S closes)", server.url)).failure).toMatchObject({
      kind: "closed",
    });
    expect((await play("(C connects)\nC: x\n(S resets)", server.url)).failure).toBeUndefined();
  });

  test("(silence) is broken by anything", async () => {
    await using server = await bareServer((socket) => socket.write("psst\r\n"));
    const outcome = await play("(C connects)\n(silence 300ms)", server.url);
    expect(outcome.failure).toMatchObject({
      kind: "noise",
      summary: "something came in the silence: psst␍␊",
    });
  });

  test("(within) limits the next expectation only, (S waits) lets patience grow", async () => {
    await using server = await bareServer((socket) => void setTimeout(() => socket.end("late\r\n"), 150));
    const late = await play("(C connects)\n(within 20ms)\nS: late", server.url);
    expect(late.failure).toMatchObject({ kind: "timeout", summary: "nothing within 20 ms" });
    expect(
      (await play("(C connects)\n(within 20ms)\n(S waits 1s)\nS: late", server.url)).failure,
    ).toBeUndefined();
  });

  test("(S drips), (S truncates to) and (S garbles) spoil the next burst, the same for the same seed", async () => {
    const served = async (act: string): Promise<string> => {
      const script = `seed: 7\n(C connects)\n(${act})\nS: hello\nS: world\n(S closes)\n`;
      await using server = await serveExchange(prepare(script, "t.exchange"), { timeoutMs: 500 });
      const socket = createConnection(server.port, "127.0.0.1");
      let all = "";
      socket.on("data", (bytes) => (all += bytes.toString("latin1")));
      await once(socket, "end");
      socket.end();
      return all;
    };
    expect(await served("S truncates to 3 bytes")).toBe("hel");
    expect(await served("S drips 5 bytes every 1ms")).toBe("hello\r\nworld\r\n");
    const garbled = await served("S garbles 2 bytes");
    expect(Array.from(garbled).filter((c, index) => c !== "hello\r\nworld\r\n"[index])).toHaveLength(2);
    expect(garbled).toBe(await served("S garbles 2 bytes"));
  });

  test("(C starts TLS) refuses bytes that wait in clear", async () => {
    await using server = await bareServer((socket) => socket.write("220 go\r\n220 injected\r\n"));
    const outcome = await play("(C connects)\nS: 220 go\n(C starts TLS)", server.url.replace("tcp", "smtp"));
    expect(outcome.failure).toMatchObject({ kind: "tls", at: { line: 3 } });
    expect(outcome.failure!.summary).toContain("14 bytes in clear");
  });
});

describe("a report", () => {
  test("points at the line of the script and the first wrong character, and shows control bytes as pictures", async () => {
    const outcome = await against("one\r\nhello\0world\r\n", "# greet\nS: one\n# more\nS: hello world");
    const report = textReport(outcome).replaceAll(/ +[\d.]+ ms/g, "    0.1 ms");
    expect(report.replace(/play tcp.*/, "play")).toBe(
      [
        "FAIL  t.exchange:5   differs at character 6                                        play",
        "",
        "  (the beginning)                                1 line    0.1 ms",
        "  # greet                                        1 line    0.1 ms",
        "  # more",
        "                 5 > S: hello world",
        "",
        "  expected        hello world",
        "  actual          hello␀world",
        "                       ^",
        "     0000  68 65 6c 6c 6f 00 77 6f 72 6c 64                 |hello.world|",
        "                          ^^",
      ].join("\n"),
    );
  });

  test("names the line of a reply that is missing, and where it was offered before", async () => {
    const said = "250-a\r\n250-AUTH PLAIN\r\n250 b\r\n250-a\r\n250 b\r\n";
    const script = "S: 250-x\nS&: 250-AUTH ${=LOGIN}\nS: 250 y\nS: 250-x\nS&: 250-AUTH ${=LOGIN}\nS: 250 y";
    const outcome = await against(said, script, "smtp");
    expect(outcome.failure).toMatchObject({
      at: { line: 6 },
      summary: 'the reply lacks "AUTH LOGIN"',
      hint: "AUTH was offered at line 3 but not here.",
    });
  });

  test("masks secrets, also in base64 and in what is computed from them", async () => {
    await using server = await bareServer((socket) => socket.pipe(socket));
    const script =
      'secret pass = "wonder"\n(C connects)\nC: PASS ${pass}\nC: ${b64("x" + pass)} ${b64(pass)}\nS: PASS ${pass}\nS: no';
    const outcome = await play(script, server.url);
    expect(outcome.failure).toBeDefined();
    const report = textReport(outcome);
    for (const secret of [
      "wonder",
      Buffer.from("wonder").toString("base64"),
      Buffer.from("xwonder").toString("base64"),
    ])
      expect(report).not.toContain(secret);
    expect(report).toContain("***");
  });

  test("says so when both sides wait for each other", async () => {
    const script = "(C connects)\nS: 220 hi\nC: MAIL\nC: RCPT\nS: 250 ok\nS: 250 ok\n";
    await using served = await serveExchange(prepare(script, "t.exchange"), {
      scheme: "smtp",
      timeoutMs: 200,
    });
    const socket = createConnection(served.port, "127.0.0.1");
    socket.on("data", (bytes) => bytes.toString().startsWith("220") && socket.write("MAIL\r\n"));
    const error = await served.done.catch((reason: unknown) => reason);
    socket.destroy();
    expect(error).toBeInstanceOf(ExchangeFailure);
    const { failure } = (error as ExchangeFailure).outcome;
    expect(failure!.hint).toBe(
      "the client waits for a reply at line 3, the script waits for RCPT: this client does not pipeline",
    );
    expect((error as ExchangeFailure).stack).toMatch(/\n {4}at \/.*t\.exchange:4:1$/);
  });
});

describe("a script that asks for too much fails with a reason", () => {
  test.each([
    ["C file: ../package.json", "is not a file beside the script"],
    ["C file: /etc/passwd", "is not a file beside the script"],
    ["C: ${nothing}", "no value to send for 'nothing', give it a sample"],
    ['C: ${repeat("x", 99999999)}', "repeat() builds at most"],
    ['C: ${env("HOME")}', "the environment variable HOME is not set"],
    ["C@other: x", "there is no connection 'other'"],
    ["C hex: 1g", "is not hexadecimal"],
  ])("%s", async (line, reason) => {
    const outcome = await against("", line);
    expect(outcome.failure).toMatchObject({ kind: "error", at: { line: 2 } });
    expect(outcome.failure!.summary).toContain(reason);
  });

  test("nobody listens", async () => {
    const server = await bareServer(() => {});
    await server[Symbol.asyncDispose]();
    expect((await play("(C connects)", server.url)).failure).toMatchObject({
      kind: "connect",
      at: { line: 1 },
    });
  });
});
