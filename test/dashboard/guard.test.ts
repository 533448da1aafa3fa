import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { letter, startFixture, type Fixture } from "./fixture.ts";

/** Send a request as it stands; give the status and the body. */
async function raw(kit: Fixture, request: string): Promise<{ status: number; head: string; body: string }> {
  const socket = connect(kit.dashboard.port, "127.0.0.1");
  socket.write(request.replaceAll("\n", "\r\n"));
  const answer = await text(socket);
  const end = answer.indexOf("\r\n\r\n");
  return { status: Number(answer.split(" ")[1]), head: answer.slice(0, end), body: answer.slice(end + 4) };
}

const get = (kit: Fixture, headers: string, path = "/api/v1/messages") =>
  raw(kit, `GET ${path} HTTP/1.1\nConnection: close\n${headers}\n\n`);

describe("the Host header", () => {
  test.each([
    "localhost",
    "localhost:8025",
    "inbox.localhost",
    "127.0.0.1:9",
    "10.1.2.3",
    "[::1]:8025",
    "LOCALHOST",
  ])("%s is ours", async (host) => {
    await using kit = await startFixture();
    expect((await get(kit, `Host: ${host}`)).status).toBe(200);
  });

  test.each([
    "attacker.example",
    "localhost.attacker.example",
    "127.0.0.1.nip.io:8025",
    "evil@localhost",
    "127.0.0.1:80:80",
  ])("%s is not (DNS rebinding)", async (host) => {
    await using kit = await startFixture();
    const { status, body } = await get(kit, `Host: ${host}`);
    // What is no host at all is refused by the HTTP parser before us.
    expect([400, 403]).toContain(status);
    if (status === 403) expect(body).toMatch(/is not one of ours\. Ask by localhost.*hostNames/);
    expect(body).not.toContain("messages");
  });

  test("a configured name is ours", async () => {
    await using kit = await startFixture({ hostNames: ["mail.dev.example"] });
    expect((await get(kit, "Host: Mail.dev.example:80")).status).toBe(200);
    expect((await get(kit, "Host: mail2.dev.example")).status).toBe(403);
  });
});

test("any name is ours with *", async () => {
  await using kit = await startFixture({ hostNames: ["*"] });
  expect((await get(kit, "Host: mail:8025")).status).toBe(200);
});

describe("a page of another origin", () => {
  const foreign = ["Origin: http://attacker.example", "Origin: null", "Origin: http://localhost:3000"];
  const fetched = ["cross-site", "same-site"].map(
    (site) => `Sec-Fetch-Site: ${site}\nSec-Fetch-Mode: no-cors`,
  );

  test.each([...foreign, ...fetched])("cannot read (%j)", async (header) => {
    await using kit = await startFixture();
    await kit.arrive(letter("secret subject"));
    const { status, body, head } = await get(kit, `Host: localhost:8025\n${header}`);
    expect([status, body]).toEqual([
      403,
      expect.stringMatching(/A page of .* may not use this server.*allowedOrigins/),
    ]);
    expect(head).not.toMatch(/access-control/i);
  });

  test.each([...foreign, ...fetched])("cannot delete (%j)", async (header) => {
    await using kit = await startFixture();
    await kit.arrive(letter("kept"));
    const request = `DELETE /api/v1/messages HTTP/1.1\nHost: localhost\nConnection: close\n${header}\n\n`;
    expect((await raw(kit, request)).status).toBe(403);
    expect((await kit.mailbox.count()).total).toBe(1);
  });

  test("cannot even ask in advance, nor submit a form by navigation", async () => {
    await using kit = await startFixture();
    const preflight = await raw(
      kit,
      "OPTIONS /api/v1/messages HTTP/1.1\nHost: localhost\nConnection: close\nOrigin: http://attacker.example\nAccess-Control-Request-Method: DELETE\n\n",
    );
    expect([preflight.status, /access-control/i.test(preflight.head)]).toEqual([403, false]);
    const form = await raw(
      kit,
      "POST /api/v1/send HTTP/1.1\nHost: localhost\nConnection: close\nSec-Fetch-Site: cross-site\nSec-Fetch-Mode: navigate\nSec-Fetch-Dest: document\nContent-Length: 2\n\n{}",
    );
    expect(form.status).toBe(403);
  });

  test("may link to us", async () => {
    await using kit = await startFixture();
    const visit = "Sec-Fetch-Site: cross-site\nSec-Fetch-Mode: navigate\nSec-Fetch-Dest: document";
    expect((await get(kit, `Host: localhost\n${visit}`, "/livez")).status).toBe(200);
    const framed = visit.replace("document", "iframe");
    expect((await get(kit, `Host: localhost\n${framed}`, "/livez")).status).toBe(403);
  });

  test("may use the REST when its origin is allowed", async () => {
    await using kit = await startFixture({ allowedOrigins: ["http://localhost:3000"] });
    const answer = await get(
      kit,
      "Host: localhost\nOrigin: http://localhost:3000\nSec-Fetch-Site: same-site",
    );
    expect(answer.status).toBe(200);
    expect(answer.head).toMatch(/access-control-allow-origin: http:\/\/localhost:3000/i);
    const preflight = await raw(
      kit,
      "OPTIONS /api/v1/messages HTTP/1.1\nHost: localhost\nConnection: close\nOrigin: http://localhost:3000\nAccess-Control-Request-Method: DELETE\n\n",
    );
    expect(preflight.status).toBe(204);
    expect(preflight.head).toMatch(/access-control-allow-methods: .*DELETE/i);
    expect((await get(kit, "Host: localhost\nOrigin: http://localhost:3001")).status).toBe(403);
  });
});

describe("our own page", () => {
  test.each(["http://localhost:8025", "https://localhost:8025"])("may ask (%s)", async (origin) => {
    await using kit = await startFixture();
    const headers = `Host: localhost:8025\nOrigin: ${origin}\nSec-Fetch-Site: same-origin`;
    expect((await get(kit, headers)).status).toBe(200);
  });

  test("is served with a policy that runs nothing but its own files", async () => {
    await using kit = await startFixture();
    const page = await fetch(kit.dashboard.url);
    const policy = page.headers.get("content-security-policy") ?? "";
    expect(policy).toMatch(/^default-src 'none'; script-src 'self' 'sha256-[^']+'; style-src 'self';/);
    expect(policy).not.toContain("unsafe");
    for (const path of [
      "/page/../server.ts",
      "/page/%2e%2e/server.ts",
      "/page/index.html",
      "/packages/hono.js",
    ]) {
      const { status } = await get(kit, "Host: localhost", path);
      expect([path, status]).toEqual([path, 404]);
    }
  });
});

describe("startDashboard()", () => {
  test("says which port is taken", async () => {
    await using kit = await startFixture();
    await expect(startFixture({ port: kit.dashboard.port })).rejects.toThrow(
      `ADDRESS_IN_USE 127.0.0.1:${kit.dashboard.port}`,
    );
    await expect(startFixture({ webroot: "mail" })).rejects.toThrow('webroot must be a path such as "/mail"');
  });

  test("close() twice is the same as once", async () => {
    await using kit = await startFixture();
    await Promise.all([kit.dashboard.close(), kit.dashboard.close()]);
    await expect(fetch(kit.dashboard.url)).rejects.toThrow("fetch failed");
  });
});
