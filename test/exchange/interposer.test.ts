import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { expect, test } from "vitest";
import { startInterposer } from "../../servers/exchange/index.ts";
import { startFtp } from "../../servers/ftp/index.ts";
import { startSmtp } from "../../servers/smtp/index.ts";
import { needs, runTool, scratch } from "../peers/tools.ts";
import { Talk } from "../wire/talk.ts";

const hasCurl = needs("curl");
const envelope = ["--mail-from", "ann@client.test", "--mail-rcpt", "bob@mail.test"];
const letter = "Subject: through the middle\r\n\r\nhello\r\n";

test.skipIf(hasCurl.skip)("a mail goes through, also over STARTTLS that ends in the middle", async () => {
  await using smtp = await startSmtp();
  await using middle = await startInterposer({
    target: smtp.url,
    rules: [{ on: "VRFY", fault: "reply", code: 500 }],
  });
  using folder = scratch();
  const ca = folder.file("ca.pem", middle.ca);
  await runTool("curl", ["-sS", middle.url, ...envelope, "-T", "-"], { input: letter });
  const secure = ["-sS", "--ssl-reqd", "--cacert", ca, middle.url.replace("127.0.0.1", "localhost")];
  await runTool("curl", [...secure, ...envelope, "-T", "-"], { input: letter });
  const [plain, tls] = await smtp.waitForMail({ subject: "through the middle" }, { count: 2 });
  expect([plain?.session.tls, tls?.session.tls?.version]).toEqual([undefined, "TLSv1.3"]);
  expect(middle.transcript.text()).toContain("2 C: STARTTLS\n2 S: 220 ");
  expect(middle.transcript.text()).toContain("2 C: MAIL FROM:<ann@client.test>");
});

test("pipelined commands stay a pipeline, and a rule among them keeps its place", async () => {
  await using smtp = await startSmtp();
  await using middle = await startInterposer({
    target: smtp.url,
    rules: [{ on: "RCPT TO:<no@", fault: "reply", code: 550 }],
  });
  await using talk = await Talk.to(middle);
  await talk.reply();
  await talk.say("EHLO client.test");
  talk.send(
    "MAIL FROM:<ann@client.test>\r\nRCPT TO:<bob@mail.test>\r\nRCPT TO:<no@mail.test>\r\nRCPT TO:<cy@mail.test>\r\nDATA\r\n",
  );
  expect(await talk.codes(5)).toEqual([250, 250, 550, 250, 354]);
  talk.send("Subject: piped\r\n\r\nRCPT TO:<no@mail.test>\r\n..\r\n.\r\nQUIT\r\n");
  expect(await talk.codes(2)).toEqual([250, 221]);
  const mail = await smtp.waitForMail();
  expect(mail.text).toBe("RCPT TO:<no@mail.test>\n.");
  expect(mail.envelope.rcptTo.map(({ address }) => address)).toEqual(["bob@mail.test", "cy@mail.test"]);
});

test("the lost acknowledgement in front of any server: kept once, and sent again", async () => {
  await using smtp = await startSmtp();
  await using middle = await startInterposer({
    target: smtp.url,
    rules: ["(whenever first 1 times)\n  C: .\n  (pass quietly)\n  (S resets)\n(end)\n"],
  });
  const send = async (): Promise<string> => {
    await using talk = await Talk.to(middle);
    await talk.reply();
    talk.send("EHLO a\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\nDATA\r\n");
    await talk.codes(4);
    return await talk.send("Subject: twice\r\n\r\nhello\r\n.\r\nQUIT\r\n").end();
  };
  expect(await send()).toBe("");
  expect(await send()).toMatch(/^250 /);
  expect(await smtp.waitForMail({}, { count: 2 })).toHaveLength(2);
});

test("a mail refused at its dot in the middle never reaches the server", async () => {
  await using smtp = await startSmtp();
  await using middle = await startInterposer({ target: smtp.url, rules: [{ fault: "reject_at_dot" }] });
  await using talk = await Talk.to(middle);
  await talk.reply();
  talk.send("EHLO a\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\nDATA\r\n");
  await talk.codes(4);
  talk.send("Subject: refused\r\n\r\nhello\r\n.\r\nQUIT\r\n");
  expect(await talk.codes(2)).toEqual([554, 221]);
  await talk.end();
  expect(await smtp.mails()).toEqual([]);
});

test.skipIf(hasCurl.skip)(
  "FTP's data connections pass through, passive and active, in clear and private",
  async () => {
    await using ftp = await startFtp({
      files: { "a.txt": "hello\n" },
      users: [{ name: "ann", password: "x" }],
    });
    await using middle = await startInterposer({ target: ftp.url });
    using folder = scratch();
    const ca = folder.file("ca.pem", middle.ca);
    const url = `${middle.url.replace("127.0.0.1", "localhost")}/`;
    const curl = async (...args: string[]): Promise<string> =>
      (await runTool("curl", ["-sS", "-4", "-u", "ann:x", ...args])).stdout;
    const tls = ["--ssl-reqd", "--cacert", ca];
    expect(await curl(`${url}a.txt`)).toBe("hello\n");
    expect(await curl("--disable-epsv", `${url}a.txt`)).toBe("hello\n");
    expect(await curl("-P", "-", `${url}a.txt`)).toBe("hello\n");
    expect(await curl("-P", "-", "--disable-eprt", `${url}a.txt`)).toBe("hello\n");
    expect(await curl(...tls, `${url}a.txt`)).toBe("hello\n");
    const big = folder.file("big.bin", Buffer.alloc(3_000_000, "0123456789"));
    await curl(...tls, "-T", big, url);
    expect(Buffer.from(await ftp.files.read("big.bin"))).toHaveLength(3_000_000);
    const addresses = ftp.transcript.list().filter(({ text }) => text.startsWith("229"));
    const told = middle.transcript.list().filter(({ text }) => text.startsWith("229"));
    expect(told).toHaveLength(addresses.length);
    expect(told.map(({ text }) => text)).not.toEqual(addresses.map(({ text }) => text));
  },
);

test.each(["PLAIN", "LOGIN", "CRAM-MD5"])(
  "a rule about one user knows who logged in with AUTH %s",
  needs("curl"),
  async (mechanism) => {
    await using smtp = await startSmtp({ users: { ann: "x", bob: "x" } });
    const rules = [{ on: "MAIL", user: "ann", fault: "reply", code: 550 }] as const;
    await using middle = await startInterposer({ target: smtp.url, rules });
    const send = async (user: string): Promise<number | null> => {
      const login = ["-u", `${user}:x`, "--login-options", `AUTH=${mechanism}`];
      const args = ["-sS", middle.url, ...login, ...envelope, "-T", "-"];
      return (await runTool("curl", args, { input: letter, codes: "any" })).code;
    };
    expect([await send("bob"), await send("ann")]).toEqual([0, 55]);
  },
);

/** A server that sends back what it hears, and ends when the client does. */
async function echo(): Promise<{ readonly url: string; readonly server: Server } & AsyncDisposable> {
  const server = createServer({ allowHalfOpen: true }, (socket) => socket.on("error", () => {}).pipe(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  const close = async (): Promise<void> => {
    server.close();
    await once(server, "close");
  };
  return { url: `tcp://127.0.0.1:${port}`, server, [Symbol.asyncDispose]: close };
}

async function dial({ port }: { readonly port: number }): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  await once(socket, "connect");
  return socket;
}

test("without rules bytes are piped: a half-close is one, and a reset is passed on", async () => {
  await using peer = await echo();
  await using middle = await startInterposer({ target: peer.url });
  const socket = await dial(middle);
  const chunks: Buffer[] = [];
  socket.on("data", (bytes: Buffer) => chunks.push(bytes));
  const sent = Buffer.alloc(5_000_000, "abc");
  socket.end(sent);
  await once(socket, "end");
  expect(Buffer.concat(chunks).equals(sent)).toBe(true);

  const accepted = once(peer.server, "connection");
  const other = await dial(middle);
  const [server] = (await accepted) as [Socket];
  const broken = new Promise<string>((resolve) => {
    server.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? ""));
  });
  other.write("x");
  await once(other, "data");
  other.resetAndDestroy();
  expect(await broken).toBe("ECONNRESET");
});

test("a target that is not there resets the client", async () => {
  const { url } = await (async () => {
    await using peer = await echo();
    return peer;
  })();
  await using middle = await startInterposer({ target: url });
  const socket = connect({ port: middle.port, host: "127.0.0.1" });
  const [error] = (await once(socket, "error")) as [NodeJS.ErrnoException];
  expect(error.code).toBe("ECONNRESET");
  expect(middle.transcript.text()).toMatch(/CONNECT_FAILED/);
});
