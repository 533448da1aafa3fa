import { connect } from "node:net";
import { expect, test } from "vitest";
import { memoryFiles, startFtp } from "../../../servers/ftp/index.ts";
import { dialogue, open, readAll } from "../dialogue.ts";

test("before the login only a few commands are heard", async () => {
  await using ftp = await startFtp();
  await using client = await dialogue(ftp);
  for (const command of [
    "CWD /",
    "LIST",
    "PASV",
    "EPSV",
    "PORT 127,0,0,1,4,1",
    "STOR a",
    "RETR a",
    "DELE a",
    "SITE HELP",
  ]) {
    expect(await client.say(command), command).toMatch(/^530 /);
  }
  for (const command of ["FEAT", "HELP", "SYST", "NOOP", "HOST ftp.test", "CLNT test", "OPTS UTF8 ON"]) {
    expect(await client.say(command), command).toMatch(/^2\d\d/);
  }
  expect(await client.say("PASS x")).toMatch(/^503 /);
  expect(await client.say("USER ann")).toMatch(/^331 /);
  expect(await client.say("PASS x")).toMatch(/^230 /);
  expect(await client.say("CWD /")).toMatch(/^250 /);
});

test("unknown, not built, wrong argument and wrong order have codes of their own", async () => {
  await using ftp = await startFtp();
  await using client = await (await dialogue(ftp)).login();
  expect(await client.say("XYZZY")).toMatch(/^500 /);
  expect(await client.say("")).toMatch(/^500 /);
  expect(await client.say("SMNT /")).toMatch(/^502 /);
  expect(await client.say("RETR")).toMatch(/^501 /);
  expect(await client.say("PWD now")).toMatch(/^501 /);
  expect(await client.say("RNTO b")).toMatch(/^503 /);
  expect(await client.say("PROT P")).toMatch(/^503 /);
  expect(await client.say("RETR a")).toMatch(/^425 /);
  expect(await client.say("TYPE E")).toMatch(/^504 /);
  expect(await client.say("TYPE Z")).toMatch(/^501 /);
  expect(await client.say("TYPE L 8")).toBe("200 Type set to I.");
  expect(await client.say("STRU R")).toMatch(/^504 /);
  expect(await client.say("MODE B")).toMatch(/^504 /);
});

test("FEAT and HELP are computed from the commands; every line of FEAT is indented", async () => {
  await using ftp = await startFtp();
  await using client = await dialogue(ftp);
  const features = await client.say("FEAT");
  expect(
    features
      .split("\n")
      .slice(1, -1)
      .every((line) => /^ \S/.test(line)),
  ).toBe(true);
  for (const feature of [
    "AUTH TLS",
    "EPRT",
    "EPSV",
    "MDTM",
    "MFMT",
    "REST STREAM",
    "SIZE",
    "UTF8",
    "TVFS",
    "PBSZ",
    "PROT",
  ]) {
    expect(features.split("\n")).toContain(` ${feature}`);
  }
  expect(features).toContain(" MLST type*;size*;modify*;perm*;unix.mode*;unique;");
  await client.login();
  await client.say("OPTS MLST unique;type;nonsense");
  expect(await client.say("FEAT")).toContain(" MLST type*;size;modify;perm;unix.mode;unique*;");
  const help = await client.say("HELP");
  for (const verb of ["STOR", "XPWD", "MFMT", "ABOR"]) expect(help).toContain(verb);
  expect(await client.say("HELP stor")).toBe("214 Syntax: STOR <path>");
});

const script = [
  "USER änn\r\n",
  "PASS x\r\n",
  "MKD grüße\r\n",
  "CWD grüße\r\n",
  "PWD\r\n",
  "NOOP\r\n",
  "QUIT\r\n",
];
test.each([
  ["byte by byte", (bytes: Buffer) => Array.from(bytes, (byte) => Buffer.of(byte))],
  ["all in one packet", (bytes: Buffer) => [bytes]],
  [
    "cut inside a character",
    (bytes: Buffer) => [bytes.subarray(0, 6), bytes.subarray(6, 27), bytes.subarray(27)],
  ],
])("commands that come %s give the same replies in order", async (_title, cut) => {
  await using ftp = await startFtp();
  const socket = await open(ftp.port);
  const all = readAll(socket);
  for (const part of cut(Buffer.from(script.join("")))) {
    socket.write(part);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(
    (await all)
      .toString()
      .split("\r\n")
      .map((line) => line.slice(0, 3)),
  ).toEqual(["220", "331", "230", "257", "250", "257", "200", "221", ""]);
  expect(ftp.log().find((event) => event.type === "make-directory")).toMatchObject({
    path: "/grüße",
    user: "änn",
  });
});

test("QUIT closes at once, and does not wait for the FIN of a client that keeps its side open", async () => {
  await using ftp = await startFtp({ lingerMs: 3_600_000 });
  const closed = Promise.withResolvers<void>();
  ftp.transcript.watch(({ text }) => text === "closed" && closed.resolve());
  const socket = connect({ host: ftp.host, port: ftp.port, allowHalfOpen: true });
  socket.write("NOOP\r\nQUIT\r\n");
  expect(String(await readAll(socket))).toMatch(/^220 .*\r\n200 .*\r\n221 Goodbye\.\r\n$/);
  await closed.promise;
  expect(ftp.connections).toBe(0);
});

test("bare LF ends a command too", async () => {
  await using ftp = await startFtp();
  await using client = await dialogue(ftp);
  client.send("NOOP\nSYST\n");
  expect([await client.reply(), await client.reply()]).toEqual(["200 NOOP ok.", "215 UNIX Type: L8"]);
});

test("HTTP and SMTP spoken to the port are told 500, and cut off at the third", async () => {
  await using ftp = await startFtp();
  for (const words of [
    "GET / HTTP/1.1\r\nHost: a\r\nAccept: */*\r\nX: y\r\n\r\n",
    "EHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<a>\r\n",
  ]) {
    const socket = await open(ftp.port);
    socket.write(words);
    const said = (await readAll(socket)).toString();
    expect(said.split("\r\n").map((line) => line.slice(0, 3))).toContain("421");
    expect(said.match(/^500 /gm)?.length).toBeLessThanOrEqual(2);
  }
});

test("an endless line costs no memory and is cut; a long one is refused", async () => {
  await using ftp = await startFtp();
  await using client = await (await dialogue(ftp)).login();
  expect(await client.say(`CWD ${"a".repeat(4_096)}`)).toMatch(/^501 /);
  expect(await client.say(`CWD ${"a".repeat(20_000)}`)).toMatch(/^500 /);
  expect(await client.say("NOOP")).toBe("200 NOOP ok.");
  const before = process.memoryUsage().rss;
  const chunk = Buffer.alloc(65_536, "a");
  for (let sent = 0; sent < 512 && !client.socket.destroyed; sent += 1) {
    if (!client.socket.write(chunk))
      await new Promise((resolve) => client.socket.once("drain", resolve).once("close", resolve));
  }
  expect(await client.reply()).toMatch(/^500 /);
  await client.ended;
  expect(process.memoryUsage().rss - before).toBeLessThan(48 * 1024 * 1024);
});

test("control characters are refused, and not written raw to a log", async () => {
  await using ftp = await startFtp();
  await using client = await (await dialogue(ftp)).login();
  expect(await client.say("CWD a\0b")).toMatch(/^501 /);
  expect(await client.say("STOR \u001B[2Jx")).toMatch(/^501 /);
  expect(await client.say("STOR a\rb")).toMatch(/^501 /);
  client.send(Buffer.from("STOR gr\xFC\xDFe\r\n", "latin1"));
  expect(await client.reply()).toMatch(/^501 /);
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  expect(ftp.transcript.list().some(({ text }) => /[\u0000-\u0009\u000B-\u001F]/.test(text))).toBe(false);
});

test("three wrong passwords end the connection; one is forgiven", async () => {
  await using ftp = await startFtp({ users: [{ name: "ann", password: "secret" }], failedLoginDelayMs: 20 });
  await using client = await dialogue(ftp);
  const startMs = performance.now();
  await client.say("USER ann");
  expect(await client.say("PASS wrong")).toMatch(/^530 /);
  expect(performance.now() - startMs).toBeGreaterThan(15);
  expect(await client.say("PASS secret")).toMatch(/^503 /);
  await client.say("USER ann");
  expect(await client.say("PASS secret")).toMatch(/^230 /);
  await using other = await dialogue(ftp);
  for (const code of ["530", "530", "421"]) {
    await other.say("USER nobody");
    expect((await other.say("PASS x")).slice(0, 3)).toBe(code);
  }
  await other.ended;
  expect(
    ftp
      .log()
      .filter((event) => event.type === "login")
      .map((event) => event.isAccepted),
  ).toEqual([false, true, false, false, false]);
});

test("an account can be asked for", async () => {
  await using ftp = await startFtp({
    users: [{ name: "ann", password: "x", account: "books" }],
    failedLoginDelayMs: 0,
  });
  await using client = await dialogue(ftp);
  await client.say("USER ann");
  expect(await client.say("PASS x")).toMatch(/^332 /);
  expect(await client.say("PWD")).toMatch(/^530 /);
  expect(await client.say("ACCT books")).toMatch(/^230 /);
  expect(await client.say("PWD")).toMatch(/^257 /);
});

test("idle connections hear 421, before the login and after it", async () => {
  await using ftp = await startFtp({ idleTimeoutMs: 60 });
  await using client = await dialogue(ftp);
  await using other = await (await dialogue(ftp)).login();
  expect(await client.reply()).toMatch(/^421 /);
  expect(await other.reply()).toMatch(/^421 /);
  await Promise.all([client.ended, other.ended]);
});

test("users have homes, roots of their own, and rights", async () => {
  await using ftp = await startFtp({
    files: { "shared.txt": "above" },
    users: [
      { name: "ann", password: "a", home: "/home/ann" },
      { name: "bob", password: "b", isReadOnly: true },
    ],
  });
  await using ann = await (await dialogue(ftp)).login("ann", "a");
  expect(await ann.say("PWD")).toBe('257 "/" is the current directory.');
  expect(await ann.say("CWD ../..")).toMatch(/^250 /);
  expect(await ann.say("SIZE /shared.txt")).toMatch(/^550 /);
  expect(await ann.store("STOR mine", "content")).toMatch(/^226 /);
  expect(await ftp.home("ann").text("mine")).toBe("content");
  expect(await ftp.files.text("home/ann/mine")).toBe("content");
  await using bob = await (await dialogue(ftp)).login("bob", "b");
  expect((await bob.fetch("RETR shared.txt")).bytes.toString()).toBe("above");
  expect(await bob.store("STOR shared.txt", "x")).toMatch(/^550 /);
  for (const command of [
    "DELE shared.txt",
    "MKD x",
    "RMD home",
    "RNFR shared.txt",
    "MFMT 20200101000000 shared.txt",
  ]) {
    expect(await bob.say(command), command).toMatch(/^550 /);
  }
});

test("one more than maxConnections hears 421", async () => {
  await using ftp = await startFtp({ maxConnections: 1 });
  await using client = await dialogue(ftp);
  const socket = await open(ftp.port);
  expect((await readAll(socket)).toString()).toMatch(/^421 /);
  expect(await client.say("NOOP")).toMatch(/^200 /);
});

test("close() lets a transfer finish, says 421 to the others, and the port is free again", async () => {
  const ftp = await startFtp({ files: { a: "x" } });
  await using idle = await (await dialogue(ftp)).login();
  await using busy = await (await dialogue(ftp)).login();
  const connection = await busy.passive();
  expect(await busy.say("STOR b")).toMatch(/^150 /);
  const closed = ftp.close({ graceMs: 5_000 });
  expect(await idle.reply()).toMatch(/^421 /);
  connection.end("the rest");
  expect(await busy.reply()).toMatch(/^226 /);
  expect(await busy.reply()).toMatch(/^421 /);
  await closed;
  await ftp.close();
  expect(await ftp.files.text("b")).toBe("the rest");
  await using again = await startFtp({ port: ftp.port });
  expect(again.port).toBe(ftp.port);
});

test("options that contradict each other are a TypeError with the names in it", async () => {
  await expect(startFtp({ root: "/tmp", files: {} })).rejects.toThrow(/root.*files/);
  await expect(startFtp({ atomicUploads: true })).rejects.toThrow(/atomicUploads/);
  await expect(startFtp({ files: memoryFiles(), quotaBytes: 1 })).rejects.toThrow(/quotaBytes/);
  await expect(startFtp({ passivePorts: { from: 5, to: 4 } })).rejects.toThrow(/passivePorts/);
  await expect(startFtp({ users: [], authenticate: () => undefined })).rejects.toThrow(/authenticate/);
});
