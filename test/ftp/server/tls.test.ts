import { once } from "node:events";
import { connect as connectTls } from "node:tls";
import { Client } from "basic-ftp";
import { expect, test } from "vitest";
import { startFtp, type FtpServer } from "../../../servers/ftp/index.ts";
import { needs, runTool } from "../../peers/tools.ts";
import { type Dialogue, dialogue, open, readAll } from "../dialogue.ts";

/** Logged in over TLS, with private data connections. */
async function secured(ftp: FtpServer): Promise<Dialogue> {
  const client = await dialogue(ftp);
  await client.secure();
  await client.login();
  await client.say("PBSZ 0");
  expect(await client.say("PROT P")).toMatch(/^200 /);
  return client;
}

test("AUTH TLS and AUTH SSL, PBSZ and PROT in their order, and what is refused", async () => {
  await using ftp = await startFtp();
  await using client = await dialogue(ftp);
  expect(await client.say("PBSZ 0")).toMatch(/^503 /);
  expect(await client.say("AUTH KERBEROS")).toMatch(/^504 /);
  await client.secure();
  expect(await client.say("AUTH TLS")).toMatch(/^503 /);
  expect(await client.say("PROT P")).toMatch(/^503 /);
  expect(await client.say("PBSZ 16384")).toBe("200 PBSZ=0");
  expect(await client.say("PROT S")).toMatch(/^536 /);
  expect(await client.say("PROT X")).toMatch(/^504 /);
  expect(await client.say("PROT C")).toMatch(/^200 /);
  await client.login();
  expect(await client.say("CCC")).toMatch(/^534 /);
  await using other = await dialogue(ftp);
  expect(await other.say("AUTH SSL")).toMatch(/^234 /);
});

test("commands sent in one packet with AUTH TLS are dropped, not run; the login before it is forgotten", async () => {
  await using ftp = await startFtp();
  await using client = await (await dialogue(ftp)).login();
  client.send("AUTH TLS\r\nMKD injected\r\nDELE file\r\n");
  expect(await client.reply()).toMatch(/^234 /);
  client.socket.removeAllListeners("data");
  const secure = connectTls({ socket: client.socket, rejectUnauthorized: false });
  await once(secure, "secureConnect");
  secure.write("PWD\r\n");
  const [answer] = (await once(secure, "data")) as [Buffer];
  expect(answer.toString()).toMatch(/^530 /);
  expect(await ftp.files.tree()).toEqual([]);
  expect(ftp.transcript.text()).toMatch(/\*: \d+ bytes that came in clear behind AUTH were dropped/);
  secure.destroy();
});

test("without PROT P data is clear, also over a protected control connection", async () => {
  await using ftp = await startFtp({ files: { file: "content" } });
  await using client = await dialogue(ftp);
  await client.secure();
  await client.login();
  expect((await client.fetch("RETR file")).bytes.toString()).toBe("content");
});

test.each(["TLSv1.2", "TLSv1.3"] as const)(
  "data connections resume the session of the control connection: %s",
  async (version) => {
    await using ftp = await startFtp({ files: { file: "content" }, requireTlsReuse: true });
    const plain = await dialogue(ftp);
    await plain.say("AUTH TLS");
    plain.socket.removeAllListeners("data");
    // The same name (none, for an address) on both connections, or OpenSSL resumes nothing.
    const host = "127.0.0.1";
    const control = connectTls({
      host,
      socket: plain.socket,
      rejectUnauthorized: false,
      maxVersion: version,
    });
    let session: Buffer | undefined;
    control.on("session", (ticket: Buffer) => (session = ticket));
    await once(control, "secureConnect");
    const say = async (command: string): Promise<string> => {
      control.write(`${command}\r\n`);
      const [answer] = (await once(control, "data")) as [Buffer];
      return answer.toString();
    };
    for (const command of ["USER a", "PASS b", "PBSZ 0", "PROT P"]) await say(command);
    for (const resumed of [true, false, true]) {
      const port = Number(/\|(\d+)\|/.exec(await say("EPSV"))?.[1]);
      const data = connectTls({
        port,
        host: "127.0.0.1",
        rejectUnauthorized: false,
        maxVersion: version,
        ...(resumed && session && { session }),
      });
      data.on("error", () => {});
      await once(data, "secureConnect");
      expect(data.isSessionReused()).toBe(resumed);
      const last = new Promise<string>((resolve) => {
        let text = "";
        control.on("data", function listen(bytes: Buffer) {
          text += bytes.toString();
          if (!/^(226|522|425) /m.test(text)) return;
          control.off("data", listen);
          resolve(text);
        });
      });
      control.write("RETR file\r\n");
      if (resumed) {
        expect((await readAll(data)).toString()).toBe("content");
        expect(await last).toMatch(/^226 /m);
      } else expect(await last).toMatch(/^522 /m);
      data.destroy();
    }
    control.destroy();
  },
);

test("a clear data connection where TLS was agreed is 425, and the session goes on", async () => {
  await using ftp = await startFtp({ files: { file: "content" } });
  await using client = await secured(ftp);
  const connection = await client.passive();
  connection.write("this is no handshake");
  connection.resume();
  expect(await client.say("STOR up")).toMatch(/^150 /);
  expect(await client.reply()).toMatch(/^425 /);
  expect(await ftp.files.exists("up")).toBe(false);
  expect(await client.say("NOOP")).toMatch(/^200 /);
});

test("a client that is gone in the handshake of the data connection is 425, and never blocks the control connection", async () => {
  await using ftp = await startFtp({ files: { file: "content" } });
  await using client = await secured(ftp);
  const silent = await client.passive();
  expect(await client.say("RETR file")).toMatch(/^150 /);
  expect(await client.say("NOOP")).toMatch(/^200 /);
  silent.destroy();
  expect(await client.reply()).toMatch(/^425 /);
  expect(await client.say("NOOP")).toMatch(/^200 /);
});

test("implicit TLS: the first byte is the handshake; nonsense instead is closed", async () => {
  await using ftp = await startFtp({ ftpsPort: 0 });
  expect(ftp.ftpsUrl).toBe(`ftps://127.0.0.1:${ftp.ftpsPort}`);
  const secure = connectTls({ port: ftp.ftpsPort ?? 0, host: "127.0.0.1", ca: ftp.ca });
  const [greeting] = (await once(secure, "data")) as [Buffer];
  expect(greeting.toString()).toMatch(/^220 /);
  secure.destroy();
  const clear = await open(ftp.ftpsPort ?? 0);
  clear.write("USER ann\r\n");
  expect((await readAll(clear)).includes(Buffer.from("220"))).toBe(false);
});

test("clients in this process trust the server's certificate by themselves", async () => {
  await using ftp = await startFtp({ files: { file: "content" } });
  const client = new Client();
  await client.access({ host: "localhost", port: ftp.port, secure: true });
  expect((await client.list()).map(({ name }) => name)).toEqual(["file"]);
  client.close();
});

test(
  "CCC is 534 and the control connection stays protected: curl and lftp go on over TLS",
  needs("curl", "lftp"),
  async () => {
    await using ftp = await startFtp({ files: { "in/file": "content" } });
    const url = `${ftp.url}/in/file`;
    const curl = [
      "-sS",
      "--insecure",
      "--ssl-reqd",
      "--ftp-ssl-ccc",
      "--ftp-ssl-ccc-mode",
      "active",
      "-u",
      "a:b",
    ];
    expect((await runTool("curl", [...curl, url])).stdout).toBe("content");
    const settings = [
      "ssl:verify-certificate no",
      "ftp:ssl-force yes",
      "ftp:ssl-use-ccc yes",
      "net:max-retries 1",
    ];
    const script = [...settings.map((setting) => `set ${setting}`), `open -u a,b ${ftp.url}`, "cat in/file"];
    expect((await runTool("lftp", ["--norc", "-c", script.join("; ")])).stdout).toContain("content");
    for (const connection of [1, 2]) {
      const said = ftp.transcript.text({ connection });
      expect(said).toMatch(/C: CCC\n.*S: 534 .*\n.*C: /);
      expect(said).toMatch(/S: 226 /);
    }
  },
);

test("requireTls refuses the login and clear data without it", async () => {
  await using ftp = await startFtp({ files: { file: "x" }, requireTls: true });
  await using client = await dialogue(ftp);
  expect(await client.say("USER ann")).toMatch(/^530 /);
  await client.secure();
  await client.login();
  expect((await client.fetch("RETR file")).reply).toMatch(/^521 /);
  await client.say("PBSZ 0");
  expect(await client.say("PROT C")).toMatch(/^534 /);
  expect(await client.say("PROT P")).toMatch(/^200 /);
});
