import { spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { describe, expect, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import {
  awaitSocket,
  connectSocket,
  probePorts,
  type SocketConversation,
} from "../../clients/socket/index.ts";
import { startFtp } from "../../servers/ftp/index.ts";
import { startSmtp } from "../../servers/smtp/index.ts";
import { makeSelfSigned } from "../../wire/certificate.ts";
import { needs, pathOf, portForOthers, scratch } from "../peers/tools.ts";

async function heardBy(talk: SocketConversation, bytes: number): Promise<string> {
  let text = "";
  for await (const piece of talk) {
    text += piece.toString();
    if (text.length >= bytes) break;
  }
  return text;
}

describe("connectSocket()", () => {
  test("talks to a stream, hears on behind its own end, and ends with the other side", async () => {
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      let text = "";
      socket.on("data", (bytes: Buffer) => (text += bytes.toString()));
      socket.on("end", () => socket.end(`heard ${text}`));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    await using talk = await connectSocket(`tcp://127.0.0.1:${(server.address() as AddressInfo).port}`);
    talk.send("one ");
    talk.send(Buffer.from("two"));
    await talk.end();
    expect(await heardBy(talk, Infinity)).toBe("heard one two");
    server.close();
  });

  test(
    "speaks TLS with openssl, tells of its certificate, and refuses who is not vouched for",
    needs("openssl"),
    async () => {
      using folder = scratch();
      const { cert, key } = makeSelfSigned();
      const [certFile, keyFile] = [folder.file("cert.pem", cert), folder.file("key.pem", key)];
      const port = await portForOthers();
      const openssl = spawn(
        pathOf("openssl")!,
        ["s_server", "-accept", `127.0.0.1:${port}`, "-cert", certFile, "-key", keyFile, "-rev", "-quiet"],
        { stdio: "ignore" },
      );
      try {
        const url = `tls://127.0.0.1:${port}`;
        await expect
          .poll(
            () =>
              connectSocket(url, { trustsAnybody: true }).then(
                (talk) => talk.close().then(() => "open"),
                String,
              ),
            { timeout: 10_000 },
          )
          .toBe("open");
        await expect(connectSocket(url)).rejects.toThrow(
          /TLS_FAILED with 127\.0\.0\.1: self-signed certificate/,
        );
        await using talk = await connectSocket(url, { ca: cert });
        expect(talk.tls).toMatchObject({ version: "TLSv1.3", subject: "localhost", distrust: "" });
        talk.send("stressed\n");
        expect(await heardBy(talk, 9)).toBe("desserts\n");
      } finally {
        openssl.kill();
      }
    },
  );

  test.for(["smtp", "ftp"] as const)("asks for TLS in mid-stream as %s does", async (protocol) => {
    await using server = protocol === "smtp" ? await startSmtp() : await startFtp();
    await using talk = await connectSocket(server.url, { startTls: protocol, ca: server.ca });
    expect(talk.tls?.version).toBe("TLSv1.3");
    expect(talk.preamble.at(-1)?.text).toMatch(/^2/);
    talk.send(protocol === "smtp" ? "EHLO client.test\r\n" : "FEAT\r\n");
    expect(await heardBy(talk, 10)).toMatch(/^2[15][10]-/);
  });

  test("sends and hears datagrams", async () => {
    await using awaited = await awaitSocket("udp://127.0.0.1:0");
    await using talk = await connectSocket(awaited.url);
    talk.send("ping");
    const other = await awaited.conversation;
    expect(await heardBy(other, 4)).toBe("ping");
    other.send("pong");
    expect(await heardBy(talk, 4)).toBe("pong");
  });

  test("speaks WebSocket with npm ws, both as client and as server", async () => {
    const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    server.on("connection", (socket) =>
      socket.on("message", (bytes, isBinary) => socket.send(bytes, { binary: isBinary })),
    );
    await once(server, "listening");
    await using talk = await connectSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/chat`);
    talk.send("grüß dich");
    expect(await heardBy(talk, 9)).toBe("grüß dich");
    server.close();

    await using awaited = await awaitSocket("ws://127.0.0.1:0");
    const client = new WebSocket(awaited.url);
    client.on("open", () => client.send("hello"));
    const heard = once(client, "message");
    const other = await awaited.conversation;
    expect(await heardBy(other, 5)).toBe("hello");
    other.send("welcome");
    expect(String((await heard)[0])).toBe("welcome");
    client.terminate();
  });

  test("speaks over a unix socket, and over TLS with who comes in", async () => {
    using folder = scratch();
    for (const url of [`unix:${folder.path}/socket`, "tls://127.0.0.1:0"]) {
      await using awaited = await awaitSocket(url);
      await using talk = await connectSocket(awaited.url, { trustsAnybody: true });
      const other = await awaited.conversation;
      talk.send("hello");
      expect(await heardBy(other, 5)).toBe("hello");
    }
  });

  test("says what went wrong", async () => {
    await using smtp = await startSmtp({ capabilities: ["PIPELINING"] });
    await expect(connectSocket(smtp.url, { startTls: "smtp" })).rejects.toThrow(
      "REPLY_UNEXPECTED after STARTTLS expected 220, got 502",
    );
    await expect(connectSocket(smtp.url.replace("smtp:", "tls:"))).rejects.toThrow(/TLS_FAILED/);
    await expect(connectSocket(smtp.url.replace("smtp:", "ws:"), { timeoutMs: 500 })).rejects.toThrow(
      /CONNECTION_LOST|PROTOCOL_VIOLATION/,
    );
    await smtp.close();
    await expect(connectSocket(smtp.url)).rejects.toThrow(/CONNECT_FAILED/);
    await expect(connectSocket("gopher://127.0.0.1:70")).rejects.toThrow(TypeError);
  });
});

test("probePorts() tells open from closed, greetings and TLS", async () => {
  await using smtp = await startSmtp({ smtpsPort: 0 });
  const tlsPort = Number(new URL(smtp.smtpsUrl!).port);
  const gone = await startSmtp();
  await gone.close();
  const results = await Array.fromAsync(probePorts("127.0.0.1", [smtp.port, tlsPort, gone.port]));
  expect(results).toMatchObject([
    { port: smtp.port, state: "open", greeting: "220 mail.test ESMTP Portside" },
    { port: tlsPort, state: "open", greeting: "", tls: { version: "TLSv1.3", subject: "localhost" } },
    { port: gone.port, state: "closed", greeting: "" },
  ]);
});
