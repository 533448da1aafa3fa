import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { FileError, startFtp, type FileSystem, type FtpOptions } from "../../../servers/ftp/index.ts";
import { memoryFiles } from "../../../servers/ftp/index.ts";
import { scratch } from "../../peers/tools.ts";
import { dialogue, open, readAll, waitingPort } from "../dialogue.ts";

const folder = scratch();
let folders = 0;
afterAll(() => folder[Symbol.dispose]());

/** The same server over memory and over disk. */
const kinds: readonly (readonly [string, () => FtpOptions])[] = [
  ["memory", () => ({})],
  [
    "disk",
    () => {
      folders += 1;
      const root = join(folder.path, String(folders));
      mkdirSync(root);
      return { root };
    },
  ],
];

describe.each(kinds)("over %s", (_kind, options) => {
  test("files of every size go up and come down as they are", async () => {
    await using ftp = await startFtp(options());
    await using client = await (await dialogue(ftp)).login();
    for (const size of [0, 1, 65_535, 65_537, 1_048_576, 5_000_001]) {
      const content = Buffer.alloc(size, (size % 251) + 1);
      if (size > 3) content.writeUInt32LE(size, size - 4);
      expect(await client.store("STOR file", content)).toBe("226 Transfer complete.");
      expect(await client.say("SIZE file")).toBe(`213 ${size}`);
      const { bytes, reply } = await client.fetch("RETR file");
      expect(bytes.equals(content), String(size)).toBe(true);
      expect(reply).toMatch(/^226 /);
    }
  });

  test("REST gives the rest, patches on STOR, is ignored by APPE, and is cleared by the next command", async () => {
    await using ftp = await startFtp(options());
    await using client = await (await dialogue(ftp)).login();
    await client.store("STOR file", "0123456789");
    await client.say("REST 4");
    expect((await client.fetch("RETR file")).bytes.toString()).toBe("456789");
    expect((await client.fetch("RETR file")).bytes.toString()).toBe("0123456789");
    await client.say("REST 10");
    expect(await client.fetch("RETR file")).toMatchObject({
      bytes: Buffer.alloc(0),
      reply: "226 Transfer complete.",
    });
    await client.say("REST 11");
    expect((await client.fetch("RETR file")).reply).toMatch(/^554 /);
    expect((await client.fetch("RETR file")).bytes.toString()).toBe("0123456789");
    await client.say("REST 3");
    await client.say("CWD missing");
    expect((await client.fetch("RETR file")).bytes.toString()).toBe("0123456789");
    await client.say("REST 3");
    await client.store("STOR file", "abc");
    expect(await ftp.files.text("file")).toBe("012abc6789");
    await client.say("REST 3");
    await client.store("APPE file", "+");
    expect(await ftp.files.text("file")).toBe("012abc6789+");
    await client.store("APPE new", "made");
    expect(await ftp.files.text("new")).toBe("made");
    expect(await client.say("REST -1")).toMatch(/^501 /);
    expect(await client.say("REST 99999999999999999999")).toMatch(/^501 /);
  });

  test("RANG gives the bytes it names, both ends included", async () => {
    await using ftp = await startFtp(options());
    await using client = await (await dialogue(ftp)).login();
    await client.store("STOR file", "0123456789");
    await client.say("RANG 2 4");
    expect((await client.fetch("RETR file")).bytes.toString()).toBe("234");
    await client.say("RANG 8 99");
    expect((await client.fetch("RETR file")).bytes.toString()).toBe("89");
    await client.say("RANG 2 4");
    await client.say("RANG 1 0");
    expect((await client.fetch("RETR file")).bytes.toString()).toBe("0123456789");
    expect(await client.say("RANG 4 2")).toMatch(/^501 /);
  });

  test("a file of 5 GiB with holes: offsets are 64 bits wide", async () => {
    await using ftp = await startFtp(options());
    await using client = await (await dialogue(ftp)).login();
    const start = 5 * 1024 ** 3;
    await client.say(`REST ${start}`);
    expect(await client.store("STOR big", "end")).toMatch(/^226 /);
    expect(await client.say("SIZE big")).toBe(`213 ${start + 3}`);
    await client.say(`REST ${start - 2}`);
    expect((await client.fetch("RETR big")).bytes.toString()).toBe("\0\0end");
  });

  test("STOU tells the new name in 150 and in 226", async () => {
    await using ftp = await startFtp(options());
    await using client = await (await dialogue(ftp)).login();
    for (const name of ["wish", "wish.1", "wish.2"]) {
      const connection = await client.passive();
      expect(await client.say("STOU wish")).toBe(`150 FILE: ${name}`);
      connection.end(name);
      expect(await client.reply()).toBe(`226 Transfer complete; unique file name: ${name}`);
    }
    expect(await ftp.files.tree()).toEqual(["wish", "wish.1", "wish.2"]);
  });

  test("ABOR ends RETR with 426 and 226, and the session goes on", async () => {
    await using ftp = await startFtp(options());
    await ftp.files.write("large", Buffer.alloc(20_000_000));
    await using client = await (await dialogue(ftp)).login();
    for (const abort of ["ABOR\r\n", "\xFF\xF4\xFF\xF2ABOR\r\n", "ABOR\r"]) {
      const connection = await client.passive();
      expect(await client.say("RETR large")).toMatch(/^150 /);
      client.send(Buffer.from(abort, "latin1"));
      expect([await client.reply(), await client.reply()].map((reply) => reply.slice(0, 3))).toEqual([
        "426",
        "226",
      ]);
      connection.destroy();
      if (abort.endsWith("\r")) client.send("\n");
    }
    expect(await client.say("ABOR")).toMatch(/^(226|500) /);
    expect(ftp.log().filter((event) => event.type === "download" && event.state === "aborted")).toHaveLength(
      3,
    );
  });

  test("ABOR ends STOR with 426 and 226; what came stays for REST, and an event says how much", async () => {
    await using ftp = await startFtp(options());
    await using client = await (await dialogue(ftp)).login();
    const connection = await client.passive();
    expect(await client.say("STOR part")).toMatch(/^150 /);
    connection.write("half");
    await statusShows(client, 4);
    client.send("ABOR\r\n");
    expect([await client.reply(), await client.reply()].map((reply) => reply.slice(0, 3))).toEqual([
      "426",
      "226",
    ]);
    expect(ftp.log().at(-1)).toMatchObject({ type: "upload", state: "aborted", path: "/part", bytes: 4 });
    expect(await ftp.files.text("part")).toBe("half");
  });

  test("a reset during STOR is 426 and leaves an existing file as it was; a vanished control connection too", async () => {
    await using ftp = await startFtp({ ...options() });
    await ftp.files.write("file", "precious");
    await using client = await (await dialogue(ftp)).login();
    const connection = await client.passive();
    expect(await client.say("STOR file")).toMatch(/^150 /);
    connection.write("ha");
    await statusShows(client, 2);
    connection.resetAndDestroy();
    expect(await client.reply()).toMatch(/^426 /);
    expect(await ftp.files.text("file")).toBe("precious");

    const other = await (await dialogue(ftp)).login();
    const data = await other.passive();
    expect(await other.say("STOR file")).toMatch(/^150 /);
    data.write("ha");
    await statusShows(other, 2);
    const aborted = new Promise((resolve) => {
      ftp.watch((event) => event.type === "upload" && event.state === "aborted" && resolve(event));
    });
    other.socket.resetAndDestroy();
    expect(await aborted).toMatchObject({ path: "/file", bytes: 2, user: "ann" });
    expect(await ftp.files.text("file")).toBe("precious");
    data.destroy();

    // A killed client's system closes both connections as if all were well.
    const killed = await (await dialogue(ftp)).login();
    const last = await killed.passive();
    expect(await killed.say("STOR file")).toMatch(/^150 /);
    last.write("ha");
    await statusShows(killed, 2);
    killed.socket.end();
    expect(await killed.reply()).toMatch(/^426 /);
    last.destroy();
    expect(await ftp.files.text("file")).toBe("precious");
  });

  test("NOOP, STAT and QUIT are heard during a transfer; others wait their turn", async () => {
    await using ftp = await startFtp(options());
    await using client = await (await dialogue(ftp)).login();
    const connection = await client.passive();
    expect(await client.say("STOR file")).toMatch(/^150 /);
    client.send("PWD\r\n");
    expect(await client.say("NOOP")).toBe("200 NOOP ok.");
    expect(await client.say("STAT")).toMatch(/^211-[\s\S]*Transfer: 0 bytes/);
    client.send("QUIT\r\n");
    connection.end("all of it");
    expect(await client.reply()).toMatch(/^226 /);
    expect(await client.reply()).toMatch(/^221 /);
    await client.ended;
    expect(await ftp.files.text("file")).toBe("all of it");
  });
});

/** Ask until the server says that so many bytes have come. */
async function statusShows(client: { say(command: string): Promise<string> }, bytes: number): Promise<void> {
  while (!(await client.say("STAT")).includes(`Transfer: ${bytes} bytes`));
}

test("TYPE A: lines end with CRLF on the wire, both ways", async () => {
  await using ftp = await startFtp({ files: { unix: "a\nb\n", dos: "a\r\nb\r\n" } });
  await using client = await (await dialogue(ftp)).login();
  await client.say("TYPE A");
  expect((await client.fetch("RETR unix")).bytes.toString()).toBe("a\r\nb\r\n");
  expect((await client.fetch("RETR dos")).bytes.toString()).toBe("a\r\nb\r\n");
  const connection = await client.passive();
  await client.say("STOR up");
  connection.write("a\r");
  await statusShows(client, 2);
  connection.end("\nb\r\n\rc\r");
  await client.reply();
  expect(await ftp.files.text("up")).toBe("a\nb\n\rc\r");
});

test("a data connection before or after the command is the same; none at all is 425", async () => {
  await using ftp = await startFtp({ files: { file: "x" }, dataConnectTimeoutMs: 100 });
  await using client = await (await dialogue(ftp)).login();
  const port = Number(/\|(\d+)\|/.exec(await client.say("EPSV"))?.[1]);
  client.send("RETR file\r\n");
  await client.say("NOOP");
  const connection = await open(port);
  expect((await readAll(connection)).toString()).toBe("x");
  expect([await client.reply(), await client.reply()].map((reply) => reply.slice(0, 3))).toEqual([
    "150",
    "226",
  ]);
  await client.say("EPSV");
  expect(await client.say("STOR never")).toMatch(/^425 /);
  expect(await ftp.files.exists("never")).toBe(false);
  expect(await client.say("NOOP")).toMatch(/^200 /);
});

test("data and its end may come before STOR", async () => {
  await using ftp = await startFtp();
  await using client = await (await dialogue(ftp)).login();
  const connection = await client.passive();
  connection.end("early");
  await new Promise((resolve) => connection.once("finish", resolve));
  await client.say("NOOP");
  expect(await client.say("STOR file")).toMatch(/^150 /);
  expect(await client.reply()).toMatch(/^226 /);
  expect(await ftp.files.text("file")).toBe("early");
});

test("active connections, PORT and EPRT, IPv4 and IPv6", async () => {
  await using ftp = await startFtp({ files: { file: "content" }, alsoListen: [{ host: "::1" }] });
  await using client = await (await dialogue(ftp)).login();
  for (const command of [
    (port: number) => `PORT 127,0,0,1,${port >> 8},${port & 255}`,
    (port: number) => `EPRT |1|127.0.0.1|${port}|`,
    (port: number) => `EPRT |2|::ffff:127.0.0.1|${port}|`,
  ]) {
    const waiting = await waitingPort();
    expect(await client.say(command(waiting.port))).toMatch(/^200 /);
    client.send("RETR file\r\n");
    expect((await readAll(await waiting.connection)).toString()).toBe("content");
    expect([await client.reply(), await client.reply()].map((reply) => reply.slice(0, 3))).toEqual([
      "150",
      "226",
    ]);
  }
  const six = Number(/\]:(\d+)$/.exec(ftp.urls[1] ?? "")?.[1]);
  await using other = await (await dialogue({ host: "::1", port: six })).login();
  const waiting = await waitingPort("::1");
  expect(await other.say(`EPRT |2|::1|${waiting.port}|`)).toMatch(/^200 /);
  other.send("RETR file\r\n");
  expect((await readAll(await waiting.connection)).toString()).toBe("content");
  expect([await other.reply(), await other.reply()].map((reply) => reply.slice(0, 3))).toEqual([
    "150",
    "226",
  ]);
  expect((await other.fetch("RETR file")).bytes.toString()).toBe("content");
  expect(await other.say("PASV")).toMatch(/^425 /);
  expect(await other.say("EPSV 1")).toMatch(/^522 .*\(2\)/);
  expect(await client.say("EPSV 2")).toMatch(/^522 .*\(1\)/);
  expect(await client.say("EPSV 3")).toMatch(/^522 /);
  expect(await client.say("EPSV x")).toMatch(/^501 /);
});

test("an active connection that nobody accepts is 425", async () => {
  await using ftp = await startFtp({ files: { file: "x" } });
  await using client = await (await dialogue(ftp)).login();
  const waiting = await waitingPort();
  waiting.server.close();
  await client.say(`EPRT |1|127.0.0.1|${waiting.port}|`);
  expect(await client.say("RETR file")).toMatch(/^425 /);
});

test("EPSV ALL forbids the rest", async () => {
  await using ftp = await startFtp();
  await using client = await (await dialogue(ftp)).login();
  expect(await client.say("EPSV ALL")).toMatch(/^200 /);
  for (const command of ["PASV", "PORT 127,0,0,1,4,1", "EPRT |1|127.0.0.1|1025|"]) {
    expect(await client.say(command)).toMatch(/^501 /);
  }
  expect(await client.say("EPSV")).toMatch(/^229 /);
});

test("passiveAddress is told in 227; the ports are those of the range", async () => {
  await using first = await startFtp();
  const free = Number(/\|(\d+)\|/.exec(await (await (await dialogue(first)).login()).say("EPSV"))?.[1]);
  await first.close();
  await using ftp = await startFtp({ passiveAddress: "192.0.2.7", passivePorts: { from: free, to: free } });
  await using client = await (await dialogue(ftp)).login();
  expect(await client.say("PASV")).toBe(`227 Entering Passive Mode (192,0,2,7,${free >> 8},${free & 255}).`);
});

test("20 sessions on 20 ports all get one; on one port they wait their turn", async () => {
  await using ftp = await startFtp({ files: { file: "x" }, passivePorts: { from: 21_000, to: 21_019 } });
  const clients = await Promise.all(
    Array.from({ length: 20 }, async () => await (await dialogue(ftp)).login()),
  );
  const ports = await Promise.all(
    clients.map(async (client) => /\|(\d+)\|/.exec(await client.say("EPSV"))?.[1]),
  );
  expect(new Set(ports).size).toBe(20);
  for (const client of clients) await client[Symbol.asyncDispose]();

  await using narrow = await startFtp({ files: { file: "x" }, passivePorts: { from: 21_030, to: 21_030 } });
  const waiting = await Promise.all(
    Array.from({ length: 8 }, async () => await (await dialogue(narrow)).login()),
  );
  const fetched = await Promise.all(waiting.map(async (client) => await client.fetch("RETR file")));
  expect(fetched.map(({ bytes }) => bytes.toString())).toEqual(Array.from({ length: 8 }, () => "x"));
  for (const client of waiting) await client[Symbol.asyncDispose]();
});

test("quota and a full disk in mid-transfer are 552 and 452, read errors 451; an event says why", async () => {
  await using ftp = await startFtp({ quotaBytes: 1_000 });
  await using client = await (await dialogue(ftp)).login();
  expect(await client.store("STOR big", Buffer.alloc(5_000))).toMatch(/^552 /);
  expect(ftp.log().at(-1)).toMatchObject({
    type: "upload",
    state: "aborted",
    reason: "Exceeded storage allocation.",
  });
  expect(await client.store("STOR small", Buffer.alloc(500))).toMatch(/^226 /);

  const files = memoryFiles();
  const broken: FileSystem = Object.assign(Object.create(files) as FileSystem, {
    list: (path: string) => files.list(path),
    stat: (path: string) => files.stat(path),
    write: (path: string) => ({
      write: () => {
        throw new FileError("ENOSPC", path);
      },
      finish: () => undefined,
      abort: () => undefined,
    }),
    read: () => ({
      size: 100,
      next: async () => {
        throw new Error("the disk broke");
      },
      close: () => undefined,
    }),
  });
  await using other = await startFtp({ files: broken });
  await using second = await (await dialogue(other)).login();
  expect(await second.store("STOR big", "x")).toMatch(/^452 /);
  const connection = await second.passive();
  connection.resume();
  expect(await second.say("RETR any")).toMatch(/^150 /);
  expect(await second.reply()).toMatch(/^451 /);
  expect(await second.say("NOOP")).toMatch(/^200 /);
});

test("a slow reader of a large file costs no memory", async () => {
  await using ftp = await startFtp();
  await using client = await (await dialogue(ftp)).login();
  await client.say(`REST ${1024 ** 3}`);
  await client.store("STOR sparse", "x");
  const connection = await client.passive();
  connection.pause();
  await client.say("RETR sparse");
  const before = process.memoryUsage().rss;
  for (let turn = 0; turn < 20; turn += 1) await client.say("NOOP");
  expect(process.memoryUsage().rss - before).toBeLessThan(24 * 1024 * 1024);
  connection.destroy();
  expect(await client.reply()).toMatch(/^426 /);
});

test("atomic uploads: nothing under the name before the end, nothing at all after a reset", async () => {
  using root = scratch();
  await using ftp = await startFtp({ root: root.path, atomicUploads: true });
  await using client = await (await dialogue(ftp)).login();
  const connection = await client.passive();
  await client.say("STOR report");
  connection.write("half");
  await statusShows(client, 4);
  expect(existsSync(join(root.path, "report"))).toBe(false);
  expect((await client.say("STAT /")).includes("report")).toBe(false);
  connection.resetAndDestroy();
  expect(await client.reply()).toMatch(/^426 /);
  expect(await ftp.files.tree()).toEqual([]);
  writeFileSync(join(root.path, "kept"), "old");
  expect(await client.store("STOR kept", "new")).toMatch(/^226 /);
  expect(await ftp.files.text("kept")).toBe("new");
});

test("waitForUpload() gives uploads of the past and of the future, each once", async () => {
  await using ftp = await startFtp();
  await using client = await (await dialogue(ftp)).login();
  await client.say("MKD out");
  await client.store("STOR out/1.xml", "one");
  const first = await ftp.waitForUpload("out/*.xml");
  expect(first).toMatchObject({ path: "/out/1.xml", user: "ann", bytes: 3, session: 1 });
  expect(first.content.toString()).toBe("one");
  const next = ftp.waitForUpload("/out/**", { timeoutMs: 5_000 });
  await client.store("STOR out/2.txt", "two");
  expect((await next).path).toBe("/out/2.txt");
  await expect(ftp.waitForUpload("out/*", { timeoutMs: 10 })).rejects.toMatchObject({ code: "TIMED_OUT" });
  await client.fetch("RETR out/1.xml");
  expect(await ftp.waitForDownload("out/1.xml")).toMatchObject({ type: "download", bytes: 3 });
  await client.say("DELE out/1.xml");
  expect(await ftp.waitForDelete("out/*")).toMatchObject({ path: "/out/1.xml" });
});
