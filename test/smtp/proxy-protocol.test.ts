import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { Duplex } from "node:stream";
import { connect as connectTls } from "node:tls";
import { createTransport } from "nodemailer";
import { describe, expect, test } from "vitest";
import { startSmtp, type SmtpServer } from "../../servers/smtp/index.ts";
import { needs, runTool, scratch } from "../peers/tools.ts";
import { RawClient } from "./raw-client.ts";

const line = "PROXY TCP4 192.0.2.7 198.51.100.2 54321 25\r\n";
const client = { clientAddress: "192.0.2.7", clientPort: 54_321 };
const message = Buffer.from("Subject: proxied\r\n\r\n");

async function send(smtp: SmtpServer, header: Uint8Array | string): Promise<void> {
  using raw = await RawClient.connect(smtp, Buffer.from(header));
  await raw.say("EHLO client.test");
  expect(await raw.data("ann@x.test", "bob@x.test", message)).toMatch(/^250 /);
}

/** Resolved when the server has ended the connection; gives what it said before. */
async function untilClosed(socket: Socket): Promise<string> {
  let said = "";
  socket.setEncoding("latin1").on("data", (text: string) => (said += text));
  socket.on("error", () => {});
  return await new Promise((resolve) => socket.once("close", () => resolve(said)));
}

describe("startSmtp({ acceptsProxyProtocol: true })", () => {
  test("takes the client's address from version 1 and version 2, for decisions and mails", async () => {
    const seen: string[] = [];
    await using smtp = await startSmtp({
      acceptsProxyProtocol: true,
      onConnect: ({ clientAddress, clientPort }) => void seen.push(`${clientAddress} ${clientPort}`),
    });
    await send(smtp, line);
    await send(smtp, Buffer.from("0d0a0d0a000d0a515549540a2111000cc0000207c6336402d4310019", "hex"));
    const mails = await smtp.mails();
    expect(mails.map(({ session }) => session)).toMatchObject([client, client]);
    expect(seen).toEqual(["192.0.2.7 54321", "192.0.2.7 54321"]);
    expect(mails[0]?.session.flags).toEqual([]);
  });

  test("keeps the connection's own address when the proxy speaks for itself", async () => {
    await using smtp = await startSmtp({ acceptsProxyProtocol: true });
    await send(smtp, "PROXY UNKNOWN\r\n");
    await send(smtp, Buffer.from("0d0a0d0a000d0a515549540a20000000", "hex"));
    const mails = await smtp.mails();
    expect(mails.map(({ session }) => session.clientAddress)).toEqual(["127.0.0.1", "127.0.0.1"]);
  });

  test("hears a header byte by byte, and says nothing before its end", async () => {
    await using smtp = await startSmtp({ acceptsProxyProtocol: true });
    const socket = connect({ host: smtp.host, port: smtp.port, noDelay: true });
    await once(socket, "connect");
    const first = once(socket, "data");
    for (const byte of Buffer.from(line)) {
      expect(socket.bytesRead).toBe(0);
      await new Promise<void>((resolve) => socket.write(Buffer.of(byte), () => resolve()));
    }
    expect(String((await first)[0])).toMatch(/^220 /);
    socket.destroy();
  });

  test("flags who speaks behind the header before the greeting, and loses nothing of it", async () => {
    await using smtp = await startSmtp({ acceptsProxyProtocol: true });
    const early = "EHLO a\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\nDATA\r\n";
    using raw = await RawClient.connect(smtp, Buffer.from(line + early));
    const replies = [await raw.reply(), await raw.reply(), await raw.reply(), await raw.reply()];
    expect(replies.map((reply) => reply.slice(0, 3))).toEqual(["250", "250", "250", "354"]);
    raw.write("hi\r\n.\r\n");
    expect(await raw.reply()).toMatch(/^250 /);
    expect((await smtp.waitForMail()).session).toMatchObject({
      ...client,
      flags: [expect.stringContaining("early talker")],
    });
  });

  test("closes without a word whoever has no header, a wrong one, or none in time", async () => {
    await using smtp = await startSmtp({ acceptsProxyProtocol: true, handshakeTimeoutMs: 50 });
    for (const bytes of ["EHLO client.test\r\n", "PROXY TCP4 nobody\r\n", "\r\n\r\n\0\r\nQUIT\nxxxx", ""]) {
      const socket = connect(smtp.port, smtp.host);
      if (bytes !== "") socket.write(bytes);
      expect(await untilClosed(socket), bytes).toBe("");
    }
    const half = connect(smtp.port, smtp.host);
    half.end("PROXY TCP4 ");
    expect(await untilClosed(half)).toBe("");
    expect(smtp.transcript.list().map(({ text }) => text)).toEqual([
      "no valid PROXY header",
      "no valid PROXY header",
      "no valid PROXY header",
      "no PROXY header in time",
      "the connection ended before a PROXY header",
    ]);
    await send(smtp, line);
    expect(await smtp.mails()).toHaveLength(1);
  });

  test("does not wait for those at the gate when it closes", async () => {
    const smtp = await startSmtp({ acceptsProxyProtocol: true });
    const socket = connect(smtp.port, smtp.host);
    await once(socket, "connect");
    socket.write("PROXY ");
    const closed = untilClosed(socket);
    await smtp.close({ graceMs: 60_000 });
    expect(await closed).toBe("");
  });

  test("reads the header in front of a TLS handshake, also in the same segment", async () => {
    await using smtp = await startSmtp({ acceptsProxyProtocol: true, smtpsPort: 0 });
    const tcp = connect(Number(new URL(smtp.smtpsUrl!).port), smtp.host);
    let head = line;
    const prefixed = Duplex.from({ readable: tcp, writable: tcp });
    const write = prefixed._write.bind(prefixed);
    prefixed._write = (chunk: Buffer, encoding, done) => {
      const bytes = Buffer.concat([Buffer.from(head), chunk]);
      head = "";
      write(bytes, encoding, done);
    };
    const connection = connectTls({ socket: prefixed, servername: "localhost" });
    await once(connection, "secureConnect");
    await createTransport({ connection, secured: true }).sendMail({
      from: "ann@x.test",
      to: "bob@x.test",
      subject: "hi",
    });
    const { session } = await smtp.waitForMail();
    expect(session).toMatchObject({ ...client, tls: { version: "TLSv1.3", serverName: "localhost" } });
  });

  test.for(["smtp", "smtps"])("curl --haproxy-protocol, %s://", needs("curl"), async (scheme) => {
    await using smtp = await startSmtp({ acceptsProxyProtocol: true, smtpsPort: 0 });
    using folder = scratch();
    const url = (scheme === "smtp" ? smtp.url : smtp.smtpsUrl!).replace("127.0.0.1", "localhost");
    const trust = ["--cacert", folder.file("ca.pem", smtp.ca)];
    const envelope = ["--mail-from", "ann@x.test", "--mail-rcpt", "bob@x.test", "-T", "-"];
    const args = ["-sS", "--haproxy-protocol", "--max-time", "15", ...trust, url, ...envelope];
    await runTool("curl", args, { input: message });
    const { session } = await smtp.waitForMail();
    expect(session.clientAddress).toBe("127.0.0.1");
    expect(session.tls?.version).toBe(scheme === "smtps" ? "TLSv1.3" : undefined);
  });
});

test("without the option a PROXY line is a command that nobody knows", async () => {
  await using smtp = await startSmtp();
  using raw = await RawClient.connect(smtp);
  expect(await raw.say(line.trimEnd())).toEqual([expect.stringMatching(/^500 /)]);
});
