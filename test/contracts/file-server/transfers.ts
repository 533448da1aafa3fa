import { once } from "node:events";
import { expect } from "vitest";
import { open, readAll, waitingPort } from "../../ftp/dialogue.ts";
import type { Case } from "./case.ts";

/** What goes over data connections. */
export const transferCases: Readonly<Record<string, Case>> = {
  "RETR brings a file over EPSV and over PASV": async ({ login }) => {
    const client = await login();
    expect(await client.fetch("RETR a.txt")).toMatchObject({
      bytes: Buffer.from("0123456789"),
      reply: expect.stringMatching(/^226 /),
    });
    const data = await client.passive("PASV");
    client.send("RETR dir/c d.txt\r\n");
    expect((await readAll(data)).toString()).toBe("c");
    expect(await client.reply()).toMatch(/^150 /);
    expect(await client.reply()).toMatch(/^226 /);
  },

  "RETR brings a file over PORT and over EPRT": async ({ login }) => {
    const client = await login();
    for (const tell of [
      (port: number) => `PORT 127,0,0,1,${port >> 8},${port & 255}`,
      (port: number) => `EPRT |1|127.0.0.1|${port}|`,
    ]) {
      const { port, connection } = await waitingPort();
      expect(await client.say(tell(port))).toMatch(/^200 /);
      client.send("RETR a.txt\r\n");
      expect((await readAll(await connection)).toString()).toBe("0123456789");
      expect(await client.reply()).toMatch(/^150 /);
      expect(await client.reply()).toMatch(/^226 /);
    }
  },

  "PORT to another address, or to a port below 1024, is refused": async ({ login }) => {
    const client = await login();
    expect(await client.say("PORT 192,0,2,1,200,1")).toMatch(/^50[04] /);
    expect(await client.say("PORT 127,0,0,1,0,25")).toMatch(/^50[04] /);
    expect(await client.say("PORT 1,2,3")).toMatch(/^501 /);
  },

  "EPSV ALL forbids the rest": async ({ login }) => {
    const client = await login();
    expect(await client.say("EPSV ALL")).toMatch(/^200 /);
    expect(await client.say("PASV")).toMatch(/^50\d /);
    expect(await client.say("EPSV")).toMatch(/^229 /);
  },

  "a transfer without a data connection agreed upon is 425": async ({ login }) => {
    const client = await login();
    expect(await client.say("RETR a.txt")).toMatch(/^425 /);
  },

  "a missing file is 550, and the session goes on": async ({ login }) => {
    const client = await login();
    expect((await client.fetch("RETR missing")).reply).toMatch(/^550 /);
    expect((await client.fetch("RETR a.txt")).reply).toMatch(/^226 /);
  },

  "STOR keeps what was sent, and tells the server's user of it": async ({ ftp, login }) => {
    const client = await login();
    expect(await client.store("STOR new.txt", "new\r\n")).toMatch(/^226 /);
    expect(await ftp.files.text("new.txt")).toBe("new\r\n");
    expect(await ftp.waitForUpload("new.txt")).toMatchObject({ user: "ann", bytes: 5 });
  },

  "STOR takes an empty file, and replaces a longer one": async ({ ftp, login }) => {
    const client = await login();
    expect(await client.store("STOR empty.txt", "")).toMatch(/^226 /);
    expect(await ftp.files.text("empty.txt")).toBe("");
    expect(await client.store("STOR a.txt", "xy")).toMatch(/^226 /);
    expect(await ftp.files.text("a.txt")).toBe("xy");
  },

  "names are kept as they were sent": async ({ ftp, login }) => {
    const client = await login();
    const names = [
      "ü ä.txt",
      " before",
      "after ",
      "-dash",
      "[b]",
      "50%",
      "a*b?c",
      "back\\slash",
      '"q"',
      "#1",
    ];
    for (const name of names) expect(await client.store(`STOR ./${name}`, "x"), name).toMatch(/^226 /);
    expect(await ftp.files.tree()).toEqual(expect.arrayContaining(names));
  },

  "APPE adds at the end, and makes a file that is missing": async ({ ftp, login }) => {
    const client = await login();
    expect(await client.store("APPE a.txt", "+")).toMatch(/^226 /);
    expect(await ftp.files.text("a.txt")).toBe("0123456789+");
    expect(await client.store("APPE fresh.txt", "f")).toMatch(/^226 /);
    expect(await ftp.files.text("fresh.txt")).toBe("f");
  },

  "STOU makes a new name and tells it": async ({ ftp, login }) => {
    const client = await login();
    const before = await ftp.files.tree();
    expect(await client.store("STOU", "unique")).toMatch(/^226 /);
    const [made, ...more] = (await ftp.files.tree()).filter((path) => !before.includes(path));
    expect(more).toEqual([]);
    expect(await ftp.files.text(made ?? "")).toBe("unique");
  },

  "REST and RETR bring the rest, once": async ({ login }) => {
    const client = await login();
    const data = await client.passive();
    expect(await client.say("REST 7")).toMatch(/^350 /);
    client.send("RETR a.txt\r\n");
    expect((await readAll(data)).toString()).toBe("789");
    await client.reply();
    expect(await client.reply()).toMatch(/^226 /);
    expect((await client.fetch("RETR a.txt")).bytes.toString()).toBe("0123456789");
  },

  "REST and STOR patch a file in place": async ({ ftp, login }) => {
    const client = await login();
    const data = await client.passive();
    expect(await client.say("REST 3")).toMatch(/^350 /);
    expect(await client.say("STOR a.txt")).toMatch(/^150 /);
    data.end("xyz");
    expect(await client.reply()).toMatch(/^226 /);
    expect(await ftp.files.text("a.txt")).toBe("012xyz6789");
  },

  "TYPE A sends lines that end in CRLF": async ({ ftp, login }) => {
    const client = await login();
    await ftp.files.write("lines.txt", "one\ntwo\n");
    await client.say("TYPE A");
    expect((await client.fetch("RETR lines.txt")).bytes.toString()).toBe("one\r\ntwo\r\n");
  },

  "LIST, NLST and MLSD name what is there": async ({ login }) => {
    const client = await login();
    expect((await client.fetch("LIST dir")).bytes.toString()).toMatch(
      /^-\S+ +\d+ \S+ +\S+ +1 .* b\.txt\r\n-.* c d\.txt\r\n$/,
    );
    expect((await client.fetch("NLST dir")).bytes.toString()).toMatch(/b\.txt\r\n.*c d\.txt\r\n$/);
    expect((await client.fetch("MLSD dir")).bytes.toString()).toMatch(/size=1;[^\n]* b\.txt\r\n/i);
  },

  "LIST of an empty folder is empty, of a missing one 550 or 450": async ({ ftp, login }) => {
    const client = await login();
    await ftp.files.makeDirectory("nothing");
    expect(await client.fetch("LIST nothing")).toMatchObject({
      bytes: Buffer.alloc(0),
      reply: expect.stringMatching(/^226 /),
    });
    expect((await client.fetch("LIST missing")).reply).toMatch(/^[45]50 /);
  },

  "LIST skips the flags of ls": async ({ login }) => {
    const client = await login();
    expect((await client.fetch("LIST -la dir")).bytes.toString()).toContain("b.txt");
  },

  "NOOP is heard while a transfer runs, and ABOR ends it with 426 and 226": async ({ ftp, login }) => {
    const client = await login();
    await ftp.files.write("big.bin", new Uint8Array(32 * 1024 * 1024));
    const data = await client.passive();
    data.pause();
    expect(await client.say("RETR big.bin")).toMatch(/^150 /);
    expect(await client.say("NOOP")).toMatch(/^200 /);
    expect(await client.say("ABOR")).toMatch(/^426 /);
    expect(await client.reply()).toMatch(/^226 /);
    data.destroy();
    expect((await client.fetch("RETR a.txt")).reply).toMatch(/^226 /);
  },

  "an upload whose connection is reset is 426, and the file that was there stays": async ({ ftp, login }) => {
    const client = await login();
    const data = await client.passive();
    expect(await client.say("STOR a.txt")).toMatch(/^150 /);
    data.write("half");
    await new Promise((resolve) => setImmediate(resolve));
    data.resetAndDestroy();
    expect(await client.reply()).toMatch(/^426 /);
    expect(await ftp.files.text("a.txt")).toBe("0123456789");
    expect(ftp.log().at(-1)).toMatchObject({ type: "upload", state: "aborted" });
  },

  "a data connection from somebody else does not take the client's place": async ({ login }) => {
    const client = await login();
    const port = Number(/\|\|\|(\d+)\|/.exec(await client.say("EPSV"))?.[1]);
    const stranger = await open(port, "127.0.0.1", "127.0.0.2");
    if (!stranger.closed) await once(stranger.resume(), "close");
    const data = await open(port);
    client.send("RETR a.txt\r\n");
    expect((await readAll(data)).toString()).toBe("0123456789");
  },

  "PROT P protects the data connection": async ({ ftp, client }) => {
    await client.secure();
    await client.login();
    expect(await client.say("PBSZ 0")).toMatch(/^200 /);
    expect(await client.say("PROT P")).toMatch(/^200 /);
    const data = await client.passive();
    expect(await client.say("STOR secret.txt")).toMatch(/^150 /);
    // In clear it is no handshake, and never a file.
    data.end("in clear, and long enough for a record of TLS");
    expect(await client.reply()).toMatch(/^(?:425|522|426) /);
    expect(await ftp.files.exists("secret.txt")).toBe(false);
  },
};
