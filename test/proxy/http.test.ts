import { describe, expect, test } from "vitest";
import { startProxy } from "../../servers/proxy/index.ts";
import { Bytes } from "./bytes.ts";
import { type Asked, startEcho, startOrigin } from "./origin.ts";

/** A response with a length: its head, and its body. */
async function response(client: Bytes): Promise<{ readonly head: string; readonly body: string }> {
  const head = await client.until("\r\n\r\n");
  const length = /^content-length: (\d+)/im.exec(head)?.[1] ?? "0";
  return { head, body: await client.text(Number(length)) };
}

describe("forwarding by bytes", () => {
  test("takes out what is about one connection, tells the target's Host, and adds Via", async () => {
    await using origin = await startOrigin();
    await using proxy = await startProxy({ users: { ann: "secret" } });
    using client = await Bytes.to(
      proxy,
      [
        `GET ${origin.url}/a?b HTTP/1.1`,
        "Host: another.test",
        `Proxy-Authorization: Basic ${Buffer.from("ann:secret").toString("base64")}`,
        "Connection: X-Mine, keep-alive, Content-Length",
        "Proxy-Connection: keep-alive",
        "Keep-Alive: timeout=5",
        "X-Mine: secret",
        "TE: trailers",
        "Upgrade: h2c",
        "X-Kept: Yes",
        "Content-Length: 2",
        "",
        "hi",
      ].join("\r\n"),
    );
    const { head, body } = await response(client);
    const { fields, ...rest } = JSON.parse(body) as Asked;
    expect(rest).toEqual({ method: "GET", url: "/a?b", version: "1.1", body: "hi" });
    const expected = [
      "Host",
      origin.authority,
      "X-Kept",
      "Yes",
      "Content-Length",
      "2",
      "Via",
      "1.1 portside",
    ];
    expect(fields).toEqual([...expected, "Connection", "close"]);
    expect(head).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*Via: 1\.1 portside\r\nConnection: keep-alive\r\n\r\n$/);
    expect(proxy.requests()).toMatchObject([{ method: "GET", url: `${origin.url}/a?b`, user: "ann" }]);
  });

  test("several requests on one connection, each to its own target; then CONNECT", async () => {
    await using one = await startOrigin();
    await using two = await startOrigin();
    await using echo = await startEcho();
    await using proxy = await startProxy();
    using client = await Bytes.to(proxy);
    const heads = [one, two].map(({ url, authority }) => `GET ${url} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`);
    client.send(
      `${heads.join("")}CONNECT ${echo.authority} HTTP/1.1\r\nHost: ${echo.authority}\r\n\r\nearly`,
    );
    for (const { authority } of [one, two]) {
      expect((JSON.parse((await response(client)).body) as Asked).fields).toContain(authority);
    }
    expect(await client.until("\r\n\r\n")).toBe("HTTP/1.1 200 Connection established\r\n\r\n");
    expect(await client.text(5)).toBe("early");
    expect(proxy.requests().map(({ protocol, port }) => [protocol, port])).toEqual([
      ["http", one.port],
      ["http", two.port],
      ["connect", echo.port],
    ]);
  });

  test("chunks, trailers, interim responses and a body that ends with its connection", async () => {
    const answers = [
      "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n",
      "HTTP/1.0 200 OK\r\n\r\nall of it",
    ];
    await using target = await startEcho(
      (socket) => void socket.once("data", () => socket.end(answers.shift() ?? "")),
    );
    await using proxy = await startProxy();
    const ask = `GET ${target.url}/ HTTP/1.1\r\nHost: ${target.authority}\r\n\r\n`;
    using client = await Bytes.to(proxy, ask);
    expect(await client.until("\r\n\r\n")).toMatch(/^HTTP\/1\.1 103 Early Hints\r\nLink: <\/a>\r\n/);
    expect(await client.until("\r\n\r\n")).toContain("Transfer-Encoding: chunked\r\nTrailer: X-Sum\r\n");
    expect(await client.until("X-Sum: 1\r\n\r\n")).toBe("3\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n");
    client.send(ask);
    expect(await client.rest()).toMatch(/Connection: close\r\n\r\nall of it$/);
  });

  test("an answer that breaks off is a reset, not a shorter answer", async () => {
    await using target = await startEcho(
      (socket) =>
        void socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")),
    );
    await using proxy = await startProxy();
    using client = await Bytes.to(proxy, `GET ${target.url}/ HTTP/1.1\r\nHost: ${target.authority}\r\n\r\n`);
    const reset = new Promise<NodeJS.ErrnoException>((resolve) => client.socket.once("error", resolve));
    expect((await reset).code).toBe("ECONNRESET");
  });

  test.each([
    ["GET / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "this is a proxy"],
    ["GET https://127.0.0.1/ HTTP/1.1\r\nHost: a\r\n\r\n", 400, "use CONNECT"],
    ["CONNECT 127.0.0.1:0 HTTP/1.1\r\nHost: a\r\n\r\n", 400, "no host and port"],
    ["TRACE http://127.0.0.1/ HTTP/1.1\r\nHost: a\r\n\r\n", 405, "TRACE"],
    ["OPTIONS http://127.0.0.1 HTTP/1.1\r\nHost: a\r\nMax-Forwards: 0\r\n\r\n", 200, "this is a proxy"],
    ["GET http://u:p@127.0.0.1/ HTTP/1.1\r\nHost: a\r\n\r\n", 400, "neither a path nor a URL"],
    [
      "POST http://127.0.0.1/ HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
      400,
      "",
    ],
    ["GET http://127.0.0.1/ HTTP/1.1\r\nHost : a\r\n\r\n", 400, "field name"],
    ["nonsense\r\n\r\n", 400, "first line"],
    ["GET http://127.0.0.1/ HTTP/3.0\r\nHost: a\r\n\r\n", 505, "not spoken"],
    [`GET http://127.0.0.1/ HTTP/1.1\r\nX: ${"x".repeat(9_000)}`, 431, "over 8192 bytes"],
    ["GET http://10.0.0.1/ HTTP/1.1\r\nHost: a\r\n\r\n", 403, "is not allowed here"],
    ["GET http://nowhere.invalid/ HTTP/1.1\r\nHost: a\r\n\r\n", 502, "was not found"],
    ["HEAD http://nowhere.invalid/ HTTP/1.1\r\nHost: a\r\n\r\n", 502, "error=dns_error"],
  ])("%j is answered %i", async (request, status, text) => {
    await using proxy = await startProxy({ lookup: () => Promise.reject(new Error("no such name")) });
    using client = await Bytes.to(proxy, request);
    const answer = await client.rest();
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [^]*\r\nConnection: close\r\n\r\n`));
    expect(answer).toContain(text);
    if (request.startsWith("HEAD")) expect(answer).toMatch(/\r\n\r\n$/);
  });

  test("407 leaves the connection open for the right password", async () => {
    await using origin = await startOrigin();
    await using proxy = await startProxy({ users: { ann: "secret" } });
    using client = await Bytes.to(proxy);
    const head = (login: string): string =>
      `GET ${origin.url}/ HTTP/1.1\r\nHost: a\r\nProxy-Authorization: ${login}\r\n\r\n`;
    const basic = (text: string): string => `Basic ${Buffer.from(text).toString("base64")}`;
    for (const login of [
      basic("ann:wrong"),
      basic("bob:secret"),
      basic("ann"),
      "Basic ann:secret",
      "Bearer secret",
    ]) {
      const { head: answer } = await response(client.send(head(login)));
      expect(answer).toMatch(/^HTTP\/1\.1 407 [^]*Proxy-Authenticate: Basic realm="portside"/);
    }
    expect((await response(client.send(head(basic("ann:secret"))))).head).toMatch(/^HTTP\/1\.1 200 /);
  });

  test("faults on bytes befall forwarded answers too", async () => {
    await using origin = await startOrigin();
    await using proxy = await startProxy({ rules: [{ fault: "limit_data", bytes: 20 }] });
    using client = await Bytes.to(proxy, `GET ${origin.url}/ HTTP/1.1\r\nHost: a\r\n\r\n`);
    expect(await client.rest()).toBe("HTTP/1.1 200 OK\r\ncon");
  });
});

describe("a tunnel", () => {
  test("keeps a half-close a half-close, in both directions", async () => {
    await using target = await startEcho((socket) => {
      let heard = "";
      socket.on("data", (bytes) => (heard += bytes.toString()));
      socket.on("end", () => socket.end(`heard ${heard}`));
    });
    await using proxy = await startProxy();
    using client = await Bytes.to(proxy, `CONNECT ${target.authority} HTTP/1.1\r\nHost: a\r\n\r\n`);
    await client.until("\r\n\r\n");
    client.send("all").socket.end();
    expect(await client.rest()).toBe("heard all");
    const request = await proxy.waitForRequest();
    await request.ended;
    expect([request.bytesFromClient, request.bytesFromTarget]).toEqual([3, 9]);
  });

  test("hands a reset on, and stops a target whose client does not read", async () => {
    let paused = (): void => {};
    const isPaused = new Promise<void>((resolve) => (paused = resolve));
    await using target = await startEcho((socket) => {
      const chunk = Buffer.alloc(1_048_576);
      let sent = 0;
      while (socket.write(chunk) || sent < 64) sent += 1;
      setImmediate(paused);
    });
    await using proxy = await startProxy();
    using client = await Bytes.to(proxy);
    client.socket.pause();
    client.send(`CONNECT ${target.authority} HTTP/1.1\r\nHost: a\r\n\r\n`);
    await isPaused;
    const request = await proxy.waitForRequest();
    // There is no event for nothing more being read: it is read until a look finds no more than the one before.
    let before = -1;
    while (request.bytesFromTarget > before) {
      before = request.bytesFromTarget;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(before).toBeLessThan(20 * 1_048_576);
    client.socket.resetAndDestroy();
    await request.ended;
  });

  test("is closed after a silence, and with the proxy", async () => {
    await using echo = await startEcho();
    await using proxy = await startProxy({ idleTimeoutMs: 50 });
    using client = await Bytes.to(proxy, `CONNECT ${echo.authority} HTTP/1.1\r\nHost: a\r\n\r\n`);
    await client.until("\r\n\r\n");
    expect(await client.rest()).toBe("");
    expect(proxy.transcript.text()).toContain("silent for 50 ms");
    await using other = await startProxy();
    using second = await Bytes.to(other, `CONNECT ${echo.authority} HTTP/1.1\r\nHost: a\r\n\r\n`);
    await second.until("\r\n\r\n");
    await other.close({ graceMs: 0 });
    expect(await second.rest()).toBe("");
  });
});
