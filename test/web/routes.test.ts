import type { Duplex } from "node:stream";
import { describe, expect, test } from "vitest";
import { connectWeb } from "../../clients/web/index.ts";
import { json, startWeb } from "../../servers/web/index.ts";
import { exchange, raw, statuses } from "./raw.ts";

describe("routes", () => {
  test("answer by method and pattern; the one added last comes first", async () => {
    await using web = await startWeb({
      routes: {
        "GET /users/:id": ({ params }) => json(params),
        "/any/*": ({ method, params }) => `${method} ${params["*"]}`,
        "PUT /users/:id": () => undefined,
        "GET /fetch": () =>
          new Response("from fetch", {
            status: 203,
            headers: [
              ["set-cookie", "a=1"],
              ["set-cookie", "b=2"],
            ],
          }),
      },
    });
    await using client = await connectWeb(web.url);
    const told = async (method: string, target: string): Promise<string> => {
      const { status, text } = await client.ask({ method, target });
      return `${status} ${text}`;
    };
    expect(await told("GET", "/users/a%20b")).toBe('200 {"id":"a b"}');
    expect(await told("PATCH", "/any/x/y?z")).toBe("200 PATCH x/y");
    expect(await told("PUT", "/users/1")).toBe("204 ");
    expect(await told("HEAD", "/users/1")).toBe("200 ");
    expect(await told("GET", "/users/1/2")).toMatch(/^404/);
    const refused = await client.ask({ method: "DELETE", target: "/users/1" });
    expect([refused.status, refused.fields.get("allow")]).toEqual([405, "GET, PUT, HEAD, OPTIONS"]);
    expect((await client.ask({ method: "OPTIONS", target: "/users/1" })).status).toBe(204);
    expect((await client.ask({ method: "BREW", target: "/users/1" })).status).toBe(501);
    expect((await client.ask({ target: "/fetch" })).fields.all("set-cookie")).toEqual(["a=1", "b=2"]);
    const remove = web.route("GET /users/:id", () => "mine");
    expect(await told("GET", "/users/1")).toBe("200 mine");
    remove();
    expect(await told("GET", "/users/1")).toBe('200 {"id":"1"}');
    expect(() => web.route("get users", () => "")).toThrow(TypeError);
  });

  test("that throw are answered 500, and the error is kept", async () => {
    await using web = await startWeb({
      routes: {
        "GET /now": () => {
          throw new Error("oops");
        },
        "GET /later": async () => Promise.reject(new Error("oops later")),
        "GET /split": () => ({ headers: { "x-a": "b\r\nset-cookie: c" } }),
      },
    });
    await using client = await connectWeb(web.url);
    for (const target of ["/now", "/later", "/split"])
      expect((await client.ask({ target })).status).toBe(500);
    expect(web.requests().map(({ error }) => error?.message)).toEqual([
      "oops",
      "oops later",
      expect.stringContaining("x-a"),
    ]);
  });

  test("stream: a body that fails is cut, so that nobody takes it for the whole", async () => {
    await using web = await startWeb({
      routes: {
        "GET /fails": () => ({
          body: (async function* () {
            yield "part";
            throw new Error("disk full");
          })(),
        }),
      },
    });
    await expect(fetch(`${web.url}/fails`).then((response) => response.text())).rejects.toThrow();
    expect(
      (await web.waitForRequest({ path: "/fails", where: ({ error }) => error !== undefined })).error
        ?.message,
    ).toBe("disk full");
  });

  test("stream both ways, no faster than the slower side", async () => {
    await using web = await startWeb({ routes: { "POST /echo": ({ body }) => ({ body }) } });
    const sent = Buffer.alloc(3_000_000, "abcdefg");
    await using client = await connectWeb(web.url);
    const pieces = async function* (): AsyncGenerator<Buffer> {
      for (let at = 0; at < sent.length; at += 50_000) yield sent.subarray(at, at + 50_000);
    };
    const answer = await client.ask({ method: "POST", target: "/echo", body: pieces() });
    expect(answer.body.equals(sent)).toBe(true);
    expect((await client.ask({ method: "POST", target: "/echo", body: "again" })).text).toBe("again");
    const [first] = web.requests();
    expect([first?.body.byteCount, first?.body.kept.length]).toEqual([3_000_000, 65_536]);
  });
});

describe("a connection", () => {
  test("answers what comes ahead in order, in one write when it can, also behind a slow one", async () => {
    const slow = Promise.withResolvers<string>();
    await using web = await startWeb({
      routes: { "GET /slow": () => slow.promise, "GET /:n": ({ params }) => `(${params["n"]})` },
    });
    await using client = await raw(web.port);
    const ask = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
    client.send(ask("/1") + ask("/2") + ask("/slow") + ask("/3") + ask("/4"));
    client.socket.end();
    await client.until(/\(2\)/);
    expect(client.heard).not.toContain("(3)");
    slow.resolve("(slow)");
    expect((await client.ended()).match(/\(\w+\)/g)).toEqual(["(1)", "(2)", "(slow)", "(3)", "(4)"]);
  });

  test("answers all that came ahead of a FIN, also to a client that reads late", async () => {
    await using web = await startWeb({ routes: { "/*": () => "x".repeat(10_000) } });
    await using client = await raw(web.port);
    client.socket.pause();
    client.socket.end("GET / HTTP/1.1\r\nHost: x\r\n\r\n".repeat(1_000));
    await web.waitForRequest();
    setImmediate(() => client.socket.resume());
    expect(statuses(await client.ended())).toHaveLength(1_000);
  });

  test("is kept alive, or not, as asked", async () => {
    await using web = await startWeb({ routes: { "/*": () => "hello" } });
    const one = "GET / HTTP/1.0\r\n\r\n";
    expect(statuses(await exchange(web.port, one + one))).toEqual([200]);
    const kept = "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
    const heard = await exchange(web.port, kept + one);
    expect(statuses(heard)).toEqual([200, 200]);
    expect(heard).toMatch(/connection: keep-alive/);
    const closed = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    expect(statuses(await exchange(web.port, closed + closed))).toEqual([200]);
    await using few = await startWeb({ routes: { "/*": () => "hello" }, maxRequestsPerConnection: 2 });
    expect(statuses(await exchange(few.port, "GET / HTTP/1.1\r\nHost: x\r\n\r\n".repeat(3)))).toEqual([
      200, 200,
    ]);
  });

  test("hears 100 Continue when a handler reads, and no body when none does", async () => {
    await using web = await startWeb({
      routes: { "POST /read": ({ body }) => body.text(), "POST /refuse": () => ({ status: 403 }) },
    });
    const head = (path: string): string =>
      `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n`;
    await using client = await raw(web.port);
    client.send(head("/read"));
    expect(await client.until(/\r\n\r\n/)).toBe("HTTP/1.1 100 Continue\r\n\r\n");
    client.send("hello");
    await client.until(/hello$/);
    client.send(head("/refuse"));
    expect(statuses(await client.ended())).toEqual([100, 200, 403]);
  });

  test("becomes another protocol", async () => {
    await using web = await startWeb({
      onUpgrade: (request, accept) => {
        if (request.path !== "/shout") return;
        const stream: Duplex = accept({ "x-who": "me" });
        stream.on("data", (bytes: Buffer) => stream.write(bytes.toString().toUpperCase()));
        stream.on("end", () => stream.end());
      },
    });
    await using client = await raw(web.port);
    client.send("GET /shout HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: shout\r\n\r\nearly ");
    await client.until(/EARLY/);
    expect(client.heard).toMatch(
      /^HTTP\/1\.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: shout\r\nx-who: me\r\n\r\n/,
    );
    client.send("late");
    await client.until(/LATE/);
    client.socket.end();
    await client.ended();
    const other = await exchange(
      web.port,
      "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, close\r\nUpgrade: shout\r\n\r\n",
    );
    expect(statuses(other)).toEqual([404]);
  });

  test("under way is finished when the server closes, others end at once", async () => {
    const slow = Promise.withResolvers<string>();
    await using web = await startWeb({ routes: { "GET /slow": () => slow.promise } });
    await using idle = await raw(web.port);
    await using busy = await raw(web.port);
    busy.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
    await web.waitForRequest({ path: "/slow" });
    const closed = web.close({ graceMs: 5_000 });
    expect(await idle.ended()).toBe("");
    slow.resolve("done");
    expect(await busy.ended()).toMatch(/connection: close\r\n\r\ndone$/);
    idle.socket.end();
    busy.socket.end();
    await closed;
  });
});

describe("the log", () => {
  test("keeps what was asked and answered, is waited for and iterated", async () => {
    await using web = await startWeb({ routes: { "POST /hook": () => ({ status: 202 }) } });
    const waited = web.waitForRequest({
      method: "POST",
      path: /hook/,
      where: (request) => request.text.includes("7"),
    });
    const iterated = (async () => {
      for await (const request of web) return request.target;
      return undefined;
    })();
    await fetch(`${web.url}/hook?a=1`, { method: "POST", body: '{"id":7}' });
    const request = await waited;
    expect(request.json()).toEqual({ id: 7 });
    expect([request.query.get("a"), request.header("Content-Length"), request.status]).toEqual([
      "1",
      "8",
      202,
    ]);
    expect(await iterated).toBe("/hook?a=1");
    await expect(web.waitForRequest({ path: "/never" }, { timeoutMs: 20 })).rejects.toThrow(
      /TIMED_OUT waited 20 ms for a request \/never; there was instead:\s+POST \/hook\?a=1/,
    );
  });
});
