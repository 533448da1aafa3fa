import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { startWeb } from "../../servers/web/index.ts";
import { scratch } from "../peers/tools.ts";
import { exchange, raw, statuses } from "./raw.ts";

const routes = {
  "GET /slow": () => "slow",
  "GET /*": ({ path }: { readonly path: string }) => `this is ${path}`,
  "POST /*": async ({ body }: { readonly body: { text(): Promise<string> } }) => `${await body.text()}!`,
};
const get = (path: string, more = ""): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n${more}\r\n`;
const last = "Connection: close\r\n";

describe("faults by request", () => {
  test("reply: a response in the place of the server's, so often, and only to what is named", async () => {
    await using web = await startWeb({
      routes,
      rules: [{ on: "GET /slow", times: { first: 1 }, fault: "reply", code: 503, text: "not now" }],
    });
    const heard = await exchange(web.port, get("/slow") + get("/slower") + get("/slow", last));
    expect(statuses(heard)).toEqual([503, 200, 200]);
    expect(heard).toMatch(
      /^HTTP\/1\.1 503 Service Unavailable\r\n[^]*content-length: 8\r\n\r\nnot now\nHTTP/,
    );
    expect(heard).toMatch(/this is \/slowerHTTP\/1\.1 200 OK\r\n[^]*slow$/);
    expect(web.requests().map(({ path, status }) => [path, status])).toEqual([
      ["/slow", 503],
      ["/slower", 200],
      ["/slow", 200],
    ]);
    expect(web.rules.list()).toMatchObject([{ title: "reply 503", on: "GET /slow", met: 2, fired: 1 }]);
    expect(web.transcript.text()).toContain("fault 1: reply 503 at connection 1, GET #1");
  });

  test("reply_after: the handler has the request and its body, the client another answer", async () => {
    await using web = await startWeb({ routes, rules: [{ on: "POST", fault: "reply_after", code: 500 }] });
    const post = "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody";
    expect(statuses(await exchange(web.port, post + get("/b", last)))).toEqual([500, 200]);
    expect((await web.waitForRequest({ path: "/a" })).text).toBe("body");
  });

  test("a body that belongs to a request answered by a rule is no request", async () => {
    await using web = await startWeb({ routes, rules: [{ on: "POST", fault: "reply", code: 429 }] });
    const smuggled = get("/smuggled");
    const post = `POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`;
    expect(statuses(await exchange(web.port, post + get("/b", last)))).toEqual([429, 200]);
    // A client that waits for leave never gets it: nobody could tell its body from a request.
    const expecting = "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n";
    expect(await exchange(web.port, expecting)).toMatch(/^HTTP\/1\.1 429 [^]*connection: close\r\n/);
  });

  test("truncate, split and lost_reply: what a route, a file or HEAD is answered, in part, in pieces, never", async () => {
    using folder = scratch();
    const bytes = randomBytes(700_000);
    writeFileSync(join(folder.path, "file.bin"), bytes);
    await using web = await startWeb({ root: folder.path });
    const whole = await exchange(web.port, get("/file.bin", last));
    const remove = web.rules.add({ on: "GET /file.bin", fault: "truncate", bytes: 400_000 });
    const part = await exchange(web.port, get("/file.bin", last));
    const undated = (text: string): string => text.replace(/date: [^\r]*/, "");
    expect(part.length).toBe(400_000);
    expect(undated(whole).startsWith(undated(part))).toBe(true);
    remove();
    web.rules.add({ on: "HEAD", fault: "split", pieceBytes: 50, delayMs: 1 });
    const head = await exchange(web.port, get("/file.bin", last).replace("GET", "HEAD"));
    expect(head).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*content-length: 700000\r\n[^]*\r\n\r\n$/);
    web.rules.add({ on: "GET /file.bin", fault: "lost_reply" });
    await using client = await raw(web.port);
    client.send(get("/file.bin"));
    expect(await client.ended()).toBe("");
    expect(client.outcome).toBe("reset");
  });

  test("timeout and latency for one request; the client that goes is let go", async () => {
    await using web = await startWeb({
      routes,
      rules: [
        { on: "GET /never", fault: "timeout" },
        { on: "GET /late", fault: "latency", latencyMs: 60 },
      ],
    });
    await using client = await raw(web.port);
    client.send(get("/never"));
    await expect.poll(() => web.transcript.text()).toContain("fault 1");
    client.socket.end();
    expect(await client.ended()).toBe("");
    const begin = performance.now();
    expect(statuses(await exchange(web.port, get("/late") + get("/soon", last)))).toEqual([200, 200]);
    expect(performance.now() - begin).toBeGreaterThan(55);
    while (web.connections > 0) await new Promise((resolve) => setImmediate(resolve));
  });
});

test("faults on bytes go through every connection, also those that are open, and TLS", async () => {
  await using web = await startWeb({ routes, httpsPort: 0 });
  await using client = await raw(web.port);
  client.send(get("/a"));
  await client.until(/this is \/a$/);
  const remove = web.rules.add({ fault: "limit_data", bytes: 50, ending: "close" });
  client.send(get("/b"));
  expect((await client.ended()).split("this is /a")[1]).toHaveLength(50);
  await expect(fetch(`${web.httpsUrl}/c`)).rejects.toThrow();
  remove();
  expect(await (await fetch(`${web.httpsUrl}/d`)).text()).toBe("this is /d");
});

test("bad_certificate: the handshake is given another certificate", async () => {
  await using web = await startWeb({ routes, httpsPort: 0 });
  const remove = web.rules.add({ fault: "bad_certificate", problem: "expired" });
  await expect(fetch(`${web.httpsUrl}/a`)).rejects.toMatchObject({ cause: { code: "CERT_HAS_EXPIRED" } });
  remove();
  expect((await fetch(`${web.httpsUrl}/a`)).status).toBe(200);
});
