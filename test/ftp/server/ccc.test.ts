/* CCC: the control connection leaves TLS and goes on in clear (RFC 2228 section 3, RFC 4217). */
import { once } from "node:events";
import type { Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { expect, test } from "vitest";
import { startFtp, type FtpServer } from "../../../servers/ftp/index.ts";
import { TlsGround } from "../../../wire/tls-ground.ts";
import { TlsRecords } from "../../../wire/tls-records.ts";
import { needs, python, runTool, scratch } from "../../peers/tools.ts";
import { open, readAll } from "../dialogue.ts";

/** A client that can leave TLS, step by step. */
interface Leaver extends AsyncDisposable {
  readonly plain: Socket;
  readonly ground: TlsGround;
  readonly secure: TLSSocket;
  /** Over TLS; resolves with the reply. */
  ask(command: string): Promise<string>;
  /** Wait for the server's goodbye; then everything is in clear. Ours is sent before, if it is said to be. */
  leave(goodbye?: "with a goodbye" | "without"): Promise<void>;
  /** In clear. */
  say(bytes: string | Buffer): Promise<string>;
}

async function leaver(ftp: FtpServer, version: "TLSv1.2" | "TLSv1.3" = "TLSv1.3"): Promise<Leaver> {
  const plain = await open(ftp.port, ftp.host);
  await replyOf(plain);
  plain.write("AUTH TLS\r\n");
  await replyOf(plain);
  const ground = new TlsGround(plain.pause());
  const secure = connectTls({ socket: ground, rejectUnauthorized: false, maxVersion: version });
  secure.on("error", () => {});
  await once(secure, "secureConnect");
  const ask = async (command: string): Promise<string> => {
    secure.write(`${command}\r\n`);
    return await replyOf(secure);
  };
  for (const command of ["USER ann", "PASS secret", "PBSZ 0", "PROT P"]) await ask(command);
  return {
    plain,
    ground,
    secure,
    ask,
    leave: async (goodbye = "without") => {
      if (!secure.readableEnded) await once(secure.resume(), "end");
      ground.keep();
      if (goodbye === "without") ground.release();
      else {
        await new Promise<void>((resolve) => {
          secure.end(() => {
            ground.release();
            resolve();
          });
        });
      }
      secure.destroy();
      plain.pause();
    },
    say: async (bytes) => {
      plain.write(bytes);
      return await replyOf(plain);
    },
    [Symbol.asyncDispose]: async () => {
      if (!plain.closed) await once(plain.destroy(), "close");
    },
  };
}

/** All that is said up to the end of a reply. */
async function replyOf(socket: Socket): Promise<string> {
  let text = "";
  while (!/^\d{3} .*\r\n$/m.test(text)) {
    const [bytes] = (await once(socket.resume(), "data")) as [Buffer];
    text += bytes.toString();
  }
  socket.pause();
  return text.trimEnd();
}

const users = [{ name: "ann", password: "secret" }];

test.each(["TLSv1.2", "TLSv1.3"] as const)(
  "CCC: 200 over %s, a goodbye, and the session goes on in clear with data connections as private as before",
  async (version) => {
    await using ftp = await startFtp({ allowCcc: true, users, files: { "in/file": "content" } });
    for (const goodbye of ["with a goodbye", "without"] as const) {
      await using client = await leaver(ftp, version);
      await client.ask("CWD in");
      expect(await client.ask("CCC")).toMatch(/^200 /);
      await client.leave(goodbye);
      expect(await client.say("PWD\r\n")).toBe('257 "/in" is the current directory.');
      const port = Number(/\|(\d+)\|/.exec(await client.say("EPSV\r\n"))?.[1]);
      client.plain.write("RETR file\r\n");
      const data = connectTls({ port, host: ftp.host, rejectUnauthorized: false });
      expect((await readAll(data)).toString()).toBe("content");
      let last = "";
      while (!last.includes("226 ")) last = await replyOf(client.plain);
      expect(await client.say("QUIT\r\n")).toMatch(/^221 /);
      if (!client.plain.closed) await once(client.plain.resume(), "close");
    }
    const said = ftp.transcript.text({ connection: 1 });
    expect(said).toMatch(/C: CCC\n.*S: 200 .*\n.*\*: in clear\n.*C: PWD\n/);
    expect(said).toMatch(/C: QUIT\n.*S: 221 .*\n.*\*: closed/);
  },
);

test("CCC is for sessions that are logged in and over TLS; FEAT names it where it works", async () => {
  await using ftp = await startFtp({ allowCcc: true, users });
  const plain = await open(ftp.port);
  await replyOf(plain);
  plain.write("CCC\r\n");
  expect(await replyOf(plain)).toMatch(/^530 /);
  plain.write("USER ann\r\n");
  await replyOf(plain);
  plain.write("PASS secret\r\n");
  await replyOf(plain);
  plain.write("CCC\r\n");
  expect(await replyOf(plain)).toMatch(/^533 /);
  plain.write("FEAT\r\n");
  expect(await replyOf(plain)).toContain("\r\n CCC\r\n");
  plain.destroy();
  await using other = await startFtp();
  const without = await open(other.port);
  await replyOf(without);
  without.write("FEAT\r\n");
  expect(await replyOf(without)).not.toContain("CCC");
  without.destroy();
});

test("after CCC nobody asks for other protection: AUTH is 534, PBSZ and PROT are 503; a new login needs TLS if requireTls", async () => {
  await using ftp = await startFtp({ allowCcc: true, users, requireTls: true });
  await using client = await leaver(ftp);
  await client.ask("CCC");
  await client.leave();
  expect(await client.say("AUTH TLS\r\n")).toMatch(/^534 /);
  expect(await client.say("PBSZ 0\r\n")).toMatch(/^503 /);
  expect(await client.say("PROT C\r\n")).toMatch(/^503 /);
  expect(await client.say("CCC\r\n")).toMatch(/^533 /);
  expect(await client.say("USER ann\r\n")).toMatch(/^530 /);
});

test("what comes over TLS behind CCC is dropped, not run", async () => {
  await using ftp = await startFtp({ allowCcc: true, users });
  await using client = await leaver(ftp);
  // In the same record, and in records of their own in the same packet.
  client.plain.cork();
  client.secure.write("CCC\r\nMKD injected\r\n");
  client.secure.write("MKD injected-too\r\n");
  process.nextTick(() => client.plain.uncork());
  expect(await replyOf(client.secure)).toMatch(/^200 /);
  await client.leave();
  expect(await client.say("PWD\r\n")).toMatch(/^257 /);
  expect(await ftp.files.tree()).toEqual([]);
  expect(ftp.transcript.text()).toMatch(/\*: \d+ bytes that came over TLS behind CCC were dropped/);
});

test("clear bytes right behind the goodbye, a goodbye in pieces, and records that come late", async () => {
  await using ftp = await startFtp({ allowCcc: true, users });
  await using client = await leaver(ftp);
  await client.ask("CCC");
  await client.leave("without");
  const late = Buffer.from([21, 3, 3, 0, 4, 1, 2, 3, 4]);
  const split = Buffer.concat([Buffer.from([23, 3, 3, 1, 0]), Buffer.alloc(200, 23)]);
  for (const byte of late) client.plain.write(Buffer.from([byte]));
  client.plain.write(split);
  expect(await client.say(Buffer.concat([Buffer.alloc(56, 23), late, Buffer.from("PWD\r\n")]))).toMatch(
    /^257 /,
  );
  expect(await client.say("NOOP\r\n")).toMatch(/^200 /);
});

test("a client that says goodbye first is answered with ours, and what it says in clear behind it is heard", async () => {
  await using ftp = await startFtp({ allowCcc: true, users });
  await using client = await leaver(ftp);
  await client.ask("CCC");
  client.ground.keep();
  client.plain.cork();
  client.secure.end(() => client.ground.release());
  // In one packet with the goodbye, which has reached the socket by then.
  setImmediate(() => {
    client.plain.write("PWD\r\n");
    client.plain.uncork();
  });
  let heard = Buffer.alloc(0);
  while (!heard.toString("latin1").endsWith("directory.\r\n")) {
    const [bytes] = (await once(client.plain.resume(), "data")) as [Buffer];
    heard = Buffer.concat([heard, bytes]);
  }
  const goodbyeLength = new TlsRecords().follow(heard);
  expect(goodbyeLength).toBeGreaterThan(5);
  expect(heard.subarray(goodbyeLength).toString()).toBe('257 "/" is the current directory.\r\n');
});

test("clear bytes that do not wait for the 200 are never heard", async () => {
  await using ftp = await startFtp({ allowCcc: true, users });
  await using client = await leaver(ftp);
  client.plain.cork();
  client.secure.write("CCC\r\n");
  process.nextTick(() => {
    client.plain.write("MKD injected\r\n");
    client.plain.uncork();
  });
  client.plain.resume();
  await once(client.plain, "close");
  expect(await ftp.files.tree()).toEqual([]);
});

test("a client that goes instead of going on, and one that says nothing more", async () => {
  await using ftp = await startFtp({ allowCcc: true, users, idleTimeoutMs: 200 });
  await using gone = await leaver(ftp);
  gone.secure.write("CCC\r\n");
  gone.plain.end();
  for await (const { type } of ftp.events()) if (type === "disconnect") break;
  await using silent = await leaver(ftp);
  await silent.ask("CCC");
  await silent.leave();
  expect((await readAll(silent.plain)).toString()).toMatch(/^421 Idle/);
});

test.each([
  ["active", "explicit"],
  ["active", "implicit"],
  ["passive", "explicit"],
  ["passive", "implicit"],
] as const)("curl, which says goodbye itself or not (%s), with %s TLS", needs("curl"), async (mode, tls) => {
  await using ftp = await startFtp({ allowCcc: true, users, ftpsPort: 0, files: { "in/file": "content" } });
  using folder = scratch();
  const options = ["-sS", "--insecure", "--ssl-reqd", "--ftp-ssl-ccc", "--ftp-ssl-ccc-mode", mode];
  const url = tls === "explicit" ? ftp.url : (ftp.ftpsUrl ?? "");
  const curl = async (...args: readonly string[]): Promise<string> =>
    (await runTool("curl", [...options, "--max-time", "15", "-u", "ann:secret", ...args])).stdout;
  expect(await curl(`${url}/in/file`)).toBe("content");
  expect(await curl(`${url}/in/`)).toMatch(/ file\r?\n/);
  await curl("-T", folder.file("up", "x".repeat(300_000)), `${url}/in/up`);
  expect((await ftp.files.read("in/up")).length).toBe(300_000);
  for (const connection of [1, 2, 3]) {
    expect(ftp.transcript.text({ connection })).toMatch(
      /S: 200 Protection level set to P\.\n.*C: CCC\n.*S: 200 .*\n.*\*: in clear\n[^]*S: 226 [^]*S: 221 /,
    );
  }
});

test("Python's ftplib, which waits for both goodbyes, and lftp", needs(python, "lftp"), async () => {
  await using ftp = await startFtp({ allowCcc: true, users, files: { "in/file": "content" } });
  const program = `
import ftplib, io, ssl
for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
    context = ssl._create_unverified_context()
    context.maximum_version = version
    ftp = ftplib.FTP_TLS(context=context, timeout=10)
    ftp.connect("${ftp.host}", ${ftp.port})
    ftp.login("ann", "secret")
    ftp.prot_p()
    ftp.ccc()
    ftp.storbinary("STOR up", io.BytesIO(b"x" * 300000))
    print(ftp.nlst("in"))
    ftp.retrbinary("RETR in/file", lambda part: print(part.decode()))
    ftp.delete("up")
    print(ftp.quit())
`;
  const { stdout } = await runTool(python, ["-c", program]);
  expect(stdout).toBe("['in/file']\ncontent\n221 Goodbye.\n".repeat(2));
  const settings = [
    "ssl:verify-certificate no",
    "ftp:ssl-force yes",
    "ftp:ssl-use-ccc yes",
    "net:max-retries 1",
  ];
  const script = [
    ...settings.map((setting) => `set ${setting}`),
    `open -u ann,secret ${ftp.url}`,
    "cat in/file",
    "ls in",
    "put /etc/hostname -o in/up",
  ];
  expect((await runTool("lftp", ["--norc", "-c", script.join("; ")])).stdout).toMatch(/content[^]* file/);
  expect(await ftp.files.tree()).toEqual(["in/file", "in/up"]);
  expect(ftp.transcript.text({ connection: 3 })).toMatch(/C: CCC\n.*S: 200 .*\n.*\*: in clear\n[^]*S: 221 /);
});
