import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { createServer as createTlsServer } from "node:tls";
import { describe, expect, test } from "vitest";
import { WebSocketServer } from "ws";
import { startDns } from "../../servers/dns/index.ts";
import { startFtp } from "../../servers/ftp/index.ts";
import { makeSelfSigned } from "../../wire/certificate.ts";
import { runTool, scratch } from "../peers/tools.ts";
import { run } from "./spawned.ts";

const portside = join(import.meta.dirname, "../../scripts/portside.ts");

interface Ended {
  readonly stdout: string;
  readonly stderr: string;
}

function talk(args: readonly string[], input = "", code = 0): Promise<Ended> {
  return runTool(process.execPath, [portside, "talk", ...args], { input, codes: [code] });
}

/** A server of Node's that is gone at the end of the test, and its connections with it. */
async function listening(
  server: Server,
  at: number | string = 0,
): Promise<AsyncDisposable & { port: number }> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => sockets.add(socket.on("error", () => {})));
  if (typeof at === "string") server.listen(at);
  else server.listen(at, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    port: typeof address === "object" ? (address?.port ?? 0) : 0,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Says what it heard when the other side has ended, and not before. */
function lateEcho(): Server {
  return createServer({ allowHalfOpen: true }, (socket) => {
    let heard = "";
    socket.on("data", (bytes: Buffer) => (heard += bytes.toString()));
    socket.on("end", () => socket.end(`heard ${JSON.stringify(heard)}\n`));
  });
}

describe("portside talk", () => {
  test("ends its side behind the last line and hears on; --lf ends lines with LF", async () => {
    await using server = await listening(lateEcho());
    const url = `tcp://127.0.0.1:${server.port}`;
    expect((await talk([url], "one\ntwo\n")).stdout).toBe('heard "one\\r\\ntwo\\r\\n"\n');
    expect((await talk([url, "--lf"], "one\ntwo\n")).stdout).toBe('heard "one\\ntwo\\n"\n');
  });

  test("--send sends a file as it is, and --save keeps what comes", async () => {
    await using server = await listening(lateEcho());
    using folder = scratch();
    const saved = join(folder.path, "saved");
    const sent = folder.file("sent", "no\nCRLF\r\nadded");
    await talk([`tcp://127.0.0.1:${server.port}`, "--send", sent, "--save", saved]);
    expect(readFileSync(saved, "utf8")).toBe('heard "no\\nCRLF\\r\\nadded"\n');
  });

  test("--timeout ends it with 0 when the other side is silent behind our end", async () => {
    await using server = await listening(createServer({ allowHalfOpen: true }, (socket) => socket.resume()));
    const began = performance.now();
    await talk([`tcp://127.0.0.1:${server.port}`, "--timeout", "300ms"], "anybody?\n");
    expect(performance.now() - began).toBeLessThan(4_500);
  });

  test("--timeout ends it with 3 when TLS does not begin in time", async () => {
    await using server = await listening(createServer((socket) => socket.resume()));
    const { stderr } = await talk(
      [`tcp://127.0.0.1:${server.port}`, "--starttls", "smtp", "--timeout", "300ms"],
      "",
      3,
    );
    expect(stderr).toMatch(/TIMED_OUT/);
  });

  test("ends with 4 when the connection is reset", async () => {
    await using server = await listening(
      createServer((socket) => socket.once("data", () => socket.resetAndDestroy())),
    );
    const { stderr } = await talk([`tcp://127.0.0.1:${server.port}`], "hello\n", 4);
    expect(stderr).toMatch(/CONNECTION_LOST/);
  });

  test("ends with 3 for a certificate that nobody trusts; --insecure takes it and says so, --quiet does not", async () => {
    const { key, cert } = makeSelfSigned();
    await using server = await listening(createTlsServer({ key, cert }, (socket) => socket.end("hello\n")));
    const url = `tls://127.0.0.1:${server.port}`;
    expect((await talk([url], "", 3)).stderr).toMatch(/TLS_FAILED/);
    const trusting = await talk([url, "--insecure"]);
    expect(trusting.stdout).toBe("hello\n");
    expect(trusting.stderr).toMatch(/not trusted: /);
    expect((await talk([url, "-k", "--quiet"])).stderr).toBe("");
  });

  test("--starttls ftp asks for TLS as FTP does", async () => {
    await using ftp = await startFtp();
    const { stdout } = await talk([ftp.url, "--starttls", "ftp", "--insecure"], "QUIT\n");
    expect(stdout).toMatch(/^221 /m);
  });

  test("speaks over a unix socket, and listens on one", async () => {
    using folder = scratch();
    const path = join(folder.path, "a.sock");
    await using server = await listening(lateEcho(), path);
    expect(server.port).toBe(0);
    expect((await talk([`unix:${path}`], "hi\n")).stdout).toBe('heard "hi\\r\\n"\n');
    const own = join(folder.path, "b.sock");
    await using waiting = run("talk", ["--listen", `unix:${own}`, "--timeout", "1s"]);
    await waiting.said("stderr", /listening on .*\n/);
    connect(own).end("to whom it may concern\n");
    expect(await waiting.ended).toBe(0);
    expect(waiting.stdout).toBe("to whom it may concern\n");
  });

  test("speaks datagrams, and WebSocket with npm ws", async () => {
    await using dns = await startDns();
    using folder = scratch();
    const query = folder.file("query", "\0\x07\0\0\0\x01\0\0\0\0\0\0\x01a\x04test\0\0\x01\0\x01");
    const { stdout } = await talk([
      dns.url.replace("dns:", "udp:"),
      "--send",
      query,
      "--view",
      "hex",
      "--timeout",
      "300ms",
    ]);
    expect(stdout).toMatch(/← 0000 {2}00 07 80 05/);
    const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    await once(server, "listening");
    server.on("connection", (socket) =>
      socket.on("message", (bytes: Buffer) => socket.send(`you said ${bytes.toString()}`)),
    );
    const { port } = server.address() as { readonly port: number };
    expect((await talk([`ws://127.0.0.1:${port}/`, "--timeout", "1s"], "hi\n")).stdout).toBe("you said hi\n");
    server.close();
  });

  test("ends with 3 when an upgrade is refused, and when the place to listen is taken", async () => {
    const http = createHttpServer((_, response) => response.writeHead(404).end());
    await using server = await listening(http);
    await talk([`ws://127.0.0.1:${server.port}/`], "", 3);
    const { stderr } = await talk(["--listen", `tcp://127.0.0.1:${server.port}`], "", 3);
    expect(stderr).toMatch(/ADDRESS_IN_USE/);
  });

  test.for([
    [["tcp://127.0.0.1:1", "--send", "/nowhere/at/all"], /--send/],
    [["tcp://127.0.0.1:1", "--listen", "--record", "a.exchange"], /leave --listen out/],
    [["tcp://127.0.0.1:1", "--starttls", "imap"], /give smtp or ftp/],
    [["tcp://127.0.0.1:1", "--timeout", "soon"], /--timeout is "soon"/],
  ] as const)("refuses %j with 1", async ([args, why]) => {
    expect((await talk(args, "", 1)).stderr).toMatch(why);
  });
});

describe("portside probe", () => {
  const probe = (args: readonly string[], code: number): Promise<Ended> =>
    runTool(process.execPath, [portside, "probe", ...args], { codes: [code] });

  test("ends with 1 when nobody answers, and lists closed ports with --all", async () => {
    const { stdout, stderr } = await probe(["127.0.0.1", "1", "--all", "--timeout", "500ms"], 1);
    expect(stdout).toMatch(/^ +1 {2}closed /);
    expect(stderr).toMatch(/nobody answers on 127\.0\.0\.1/);
  });

  test("--json gives an object for each port, with TLS where it is spoken", async () => {
    const { key, cert } = makeSelfSigned();
    await using server = await listening(createTlsServer({ key, cert }));
    const { stdout } = await probe(["127.0.0.1", `1,${server.port}`, "--json"], 0);
    const results = stdout
      .trim()
      .split("\n")
      .map(
        (line) => JSON.parse(line) as { readonly state: string; readonly tls?: { readonly version: string } },
      );
    expect(results.map(({ state }) => state)).toEqual(["closed", "open"]);
    expect(results[1]?.tls?.version).toMatch(/^TLSv1/);
  });

  test("--timeout takes a duration", async () => {
    expect((await probe(["127.0.0.1", "1", "--timeout", "soon"], 1)).stderr).toMatch(/--timeout is "soon"/);
  });
});
