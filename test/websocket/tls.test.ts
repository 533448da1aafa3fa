import { once } from "node:events";
import { connect } from "node:net";
import { join } from "node:path";
import { writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { connectWebSocket } from "portside/clients/websocket";
import { startWebSocket, type WebSocketOptions, type WebSocketServer } from "portside/servers/websocket";
import { makeCertificateAuthority, makeSelfSigned } from "../../wire/certificate.ts";
import { needs, python, runTool, scratch } from "../peers/tools.ts";
import { echo, peer } from "./peer.ts";

const secureServer = (options: WebSocketOptions = {}): Promise<WebSocketServer> =>
  startWebSocket(
    { "/": { doors: { "/echo": echo }, answer: () => new Response("hello over TLS") } },
    { tls: true, ...options },
  );

describe("startWebSocket({ tls }) serves", () => {
  test("npm ws, which is given server.ca", async () => {
    await using server = await secureServer();
    expect(server.streamUrl).toMatch(/^wss:\/\/127\.0\.0\.1:\d+$/);
    await using client = await peer(`${server.streamUrl}/echo`, [], { ca: server.ca! });
    client.send("over TLS");
    expect(await client.next()).toBe("over TLS");
    client.send(Buffer.alloc(500_000, 7));
    expect(Buffer.alloc(500_000, 7).equals((await client.next()) as Buffer)).toBe(true);
  });

  test("a page of its own origin, and no other", async () => {
    await using server = await secureServer();
    const options = { ca: server.ca! };
    await using own = await peer(`${server.streamUrl}/echo`, [], { ...options, origin: server.url });
    own.send("mine");
    expect(await own.next()).toBe("mine");
    await expect(
      connectWebSocket(`${server.streamUrl}/echo`, { headers: { Origin: "https://evil.test" } }),
    ).rejects.toMatchObject({ status: 403 });
  });

  test("Node's own WebSocket and connectWebSocket() in this process, which trust it", async () => {
    await using server = await secureServer({ deflate: true });
    await using client = await connectWebSocket(`${server.streamUrl}/echo`, { deflate: true });
    client.send("so und so ".repeat(1_000));
    expect(await client.receive()).toBe("so und so ".repeat(1_000));
  });

  test("Python websockets", needs(python), async () => {
    await using server = await secureServer({ maxMessageBytes: 2 ** 21 });
    using folder = scratch();
    const ca = join(folder.path, "ca.pem");
    writeFileSync(ca, server.ca!);
    const { stdout } = await runTool(
      python,
      [join(import.meta.dirname, "peers", "websockets_client.py"), `${server.streamUrl}/echo`],
      { env: { SSL_CERT_FILE: ca } },
    );
    expect(JSON.parse(stdout)).toMatchObject({ fragments: "fragments", pong: true });
  });

  test("curl, its pages and the handshake", needs("curl"), async () => {
    await using server = await secureServer();
    using folder = scratch();
    const ca = join(folder.path, "ca.pem");
    writeFileSync(ca, server.ca!);
    const page = await runTool("curl", ["-sS", "--cacert", ca, `${server.url}/`]);
    expect(page.stdout).toBe("hello over TLS");
    const fields = ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"];
    const headers = [...fields, "Sec-WebSocket-Key: short"].flatMap((field) => ["--header", field]);
    const quiet = [
      "-sS",
      "--http1.1",
      "--cacert",
      ca,
      "--output",
      "/dev/null",
      "--write-out",
      "%{http_code}",
    ];
    const refused = await runTool("curl", [...quiet, ...headers, `${server.url}/echo`]);
    expect(refused.stdout).toBe("400");
  });

  test("a certificate of the caller's own", async () => {
    const authority = makeCertificateAuthority();
    await using server = await secureServer({ tls: authority.issue() });
    const url = `${server.streamUrl}/echo`;
    await using client = await connectWebSocket(url, { ca: authority.certificate });
    client.send("mine");
    expect(await client.receive()).toBe("mine");
    await expect(connectWebSocket(url)).rejects.toMatchObject({ code: "TLS_FAILED" });
    await using self = await secureServer({ tls: makeSelfSigned() });
    await expect(connectWebSocket(`${self.streamUrl}/echo`)).rejects.toMatchObject({ code: "TLS_FAILED" });
  });
});

describe("startWebSocket({ tls })", () => {
  test("resets a connection below TLS, and so does the client", async () => {
    await using server = await secureServer();
    await using client = await peer(`${server.streamUrl}/echo`, [], { ca: server.ca! });
    client.send("there");
    await client.next();
    for (const connection of server.connections) connection.drop("rst");
    expect(await client.closed()).toMatchObject({ code: 1006 });

    await using ours = await connectWebSocket(`${server.streamUrl}/echo`);
    ours.send("there");
    await ours.receive();
    ours.drop("rst");
    await expect(ours.receive()).rejects.toMatchObject({ code: "CONNECTION_LOST" });
  });

  test("does not wait for a handshake that does not come, nor speak without one", async () => {
    await using server = await secureServer({ handshakeTimeoutMs: 50 });
    const silent = connect(server.port, "127.0.0.1").on("error", () => {});
    const plain = connect(server.port, "127.0.0.1").on("error", () => {});
    plain.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    const heard: Buffer[] = [];
    plain.on("data", (bytes: Buffer) => heard.push(bytes));
    silent.resume();
    await Promise.all([once(silent, "close"), once(plain, "close")]);
    expect(Buffer.concat(heard).includes("HTTP")).toBe(false);
  });

  test("keeps nobody beyond maxConnections, and closes with those who are there", async () => {
    await using server = await secureServer({ maxConnections: 1 });
    await using client = await peer(`${server.streamUrl}/echo`, [], { ca: server.ca! });
    await expect(connectWebSocket(`${server.streamUrl}/echo`)).rejects.toMatchObject({ code: "TLS_FAILED" });
    await server.close();
    expect(await client.closed()).toEqual({ code: 1001, reason: "the server closes" });
  });

  test("throws for a key that is none", async () => {
    await expect(secureServer({ tls: { cert: "none", key: "none" } })).rejects.toThrow("PEM");
  });
});
