import { createServer } from "node:http";
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { connectWeb } from "../../clients/web/index.ts";
import { script, startWeb, wrong } from "../../servers/web/index.ts";
import { makeSelfSigned } from "../../wire/certificate.ts";
import { needs, runTool } from "../peers/tools.ts";
import { exchange, raw } from "./raw.ts";

/* Each wrong answer: by its bytes, as curl tells it (exit codes), as fetch does, and as our client does. */

const body = "hello world";
const routes = {
  "GET /truncated": () => wrong.truncated(body, { atBytes: 4 }),
  "GET /reset": () => wrong.resetInBody(body, { atBytes: 4 }),
  "GET /long": () => wrong.length(body, { says: 20 }),
  "GET /bad-chunk": () => wrong.badChunk(body),
  "GET /unfinished": () => wrong.unfinishedChunks(body),
  "GET /silence": () => wrong.silence(),
  "GET /hang-up": () => wrong.hangUp(),
  "GET /reset-at-once": () => wrong.hangUp("reset"),
  "GET /garbage": () => wrong.exactly("SMTP? 220 hello\r\n\r\n"),
  "GET /lengths": () => wrong.fields(body, [["content-length", "7"]]),
  "GET /split": () => wrong.splitChunks(body),
  "GET /slow-head": () => wrong.slowHead(body, { everyMs: 1, pieceBytes: 8 }),
  "GET /slow-body": () => wrong.slowBody(body, { everyMs: 1, pieceBytes: 2 }),
  "GET /interim": () => wrong.interim(body, { count: 3 }),
  "GET /storm": () => wrong.interim(body, { count: 100_000, status: 102 }),
} as const;

describe("by the bytes", () => {
  test.each([
    ["/truncated", /^HTTP\/1\.1 200 OK\r\ncontent-type: [^]*content-length: 11\r\n\r\nhell$/],
    ["/bad-chunk", /transfer-encoding: chunked\r\n\r\nb\r\nhello world\r\nzz\r\n$/],
    ["/unfinished", /\r\n\r\nb\r\nhello world\r\n$/],
    ["/hang-up", /^$/],
    ["/garbage", /^SMTP\? 220 hello\r\n\r\n$/],
  ])("%s", async (path, what) => {
    await using web = await startWeb({ routes });
    expect(await exchange(web.port, `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`)).toMatch(what);
    expect(web.transcript.text()).toContain(`C: GET ${path} HTTP/1.1\nHost: x`);
  });

  test("a reset is a reset, with what came before it", async () => {
    await using web = await startWeb({ routes });
    await using client = await raw(web.port);
    client.send("GET /reset HTTP/1.1\r\nHost: x\r\n\r\n");
    expect(await client.ended()).toMatch(/\r\n\r\nhell$/);
    expect(client.outcome).toBe("reset");
  });

  test("a script says what it says, and the connection goes on", async () => {
    await using web = await startWeb({
      routes: { "/*": () => script([{ say: "HTTP/1.1 204 \r\n" }, { waitMs: 5 }, { say: "\r\n" }]) },
    });
    await using client = await raw(web.port);
    client.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n");
    expect(await client.until(/\r\n\r\n[^]*\r\n\r\n/)).toBe("HTTP/1.1 204 \r\n\r\n".repeat(2));
  });
});

describe("told by curl", () => {
  test.each([
    ["/truncated", 18],
    ["/reset", 56],
    ["/bad-chunk", 56],
    ["/unfinished", 18],
    ["/hang-up", 52],
    ["/reset-at-once", 56],
    ["/garbage", 1],
    ["/long", 28],
    ["/silence", 28],
    ["/split", 0],
    ["/slow-head", 0],
    ["/slow-body", 0],
    ["/interim", 0],
  ])("%s with exit code %i", needs("curl"), async (path, code) => {
    await using web = await startWeb({ routes });
    const run = await runTool("curl", ["-sS", "-m", "0.5", web.url + path], { codes: "any" });
    expect(run.code).toBe(code);
    if (code === 0) expect(run.stdout).toBe(body);
  });
});

describe("told by fetch", () => {
  test.each(["/truncated", "/reset", "/bad-chunk", "/unfinished", "/hang-up", "/garbage", "/lengths"])(
    "%s",
    async (path) => {
      await using web = await startWeb({ routes });
      await expect(fetch(web.url + path).then((response) => response.text())).rejects.toThrow(TypeError);
    },
  );

  test.each(["/split", "/slow-head", "/slow-body", "/interim"])("%s is right in the end", async (path) => {
    await using web = await startWeb({ routes });
    expect(await (await fetch(web.url + path)).text()).toBe(body);
  });
});

describe("connectWeb() tells", () => {
  test.each([
    ["/truncated", /CONNECTION_LOST .* after 4 of 11 bytes of the body of its answer 200/],
    ["/reset", /CONNECTION_LOST .*ECONNRESET/],
    ["/bad-chunk", /PROTOCOL_VIOLATION a chunk's size/],
    ["/unfinished", /CONNECTION_LOST .* after 11 bytes/],
    ["/hang-up", /CONNECTION_LOST .* before it answered/],
    ["/garbage", /PROTOCOL_VIOLATION the first line/],
    ["/lengths", /PROTOCOL_VIOLATION Content-Length/],
    ["/silence", /TIMED_OUT/],
    ["/long", /TIMED_OUT/],
    ["/storm", /over 100 interim answers/],
  ])("%s", async (path, message) => {
    await using web = await startWeb({ routes });
    await using client = await connectWeb(web.url, { answerTimeoutMs: 300 });
    await expect(client.ask({ target: path })).rejects.toThrow(message);
  });

  test("interim answers, pieces, and that the connection goes on", async () => {
    await using web = await startWeb({ routes });
    await using client = await connectWeb(web.url);
    const [interim, slow] = await Promise.all([
      client.ask({ target: "/interim" }),
      client.ask({ target: "/slow-body" }),
    ]);
    expect(interim.interim).toHaveLength(3);
    expect(interim.text + slow.text).toBe(body + body);
    expect(slow.isKeptAlive).toBe(true);
  });

  test("what somebody else's server says: node:http, streams both ways, trailers, TLS or not", async () => {
    const server = createServer((request, response) => {
      if (request.method === "HEAD") {
        response.end();
        return;
      }
      response.writeHead(201, { trailer: "x-sum", "x-method": request.method });
      request.pipe(response, { end: false });
      request.on("end", () => {
        response.addTrailers({ "x-sum": "7" });
        response.end();
      });
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : 0;
    try {
      await using client = await connectWeb(`http://127.0.0.1:${port}/a`);
      const pieces = async function* (): AsyncGenerator<string> {
        yield "one ";
        yield "two";
      };
      const answer = await client.ask({ method: "POST", body: pieces() });
      expect([answer.status, answer.text, answer.fields.get("x-method")]).toEqual([201, "one two", "POST"]);
      expect(answer.trailers.get("x-sum")).toBe("7");
      expect((await client.ask({ method: "HEAD" })).body).toHaveLength(0);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  test("a server that is not there, and one that it cannot trust", async () => {
    await using stranger = await startWeb({ httpsPort: 0, certificate: makeSelfSigned() });
    await expect(connectWeb(stranger.httpsUrl!)).rejects.toThrow(/TLS_FAILED/);
    await using web = await startWeb({ httpsPort: 0 });
    await using client = await connectWeb(web.httpsUrl!, { ca: web.ca });
    expect((await client.ask()).status).toBe(404);
    const { url } = web;
    await web.close();
    await expect(connectWeb(url)).rejects.toThrow(/CONNECT_FAILED/);
  });
});
