import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { startFtp } from "../../../servers/ftp/index.ts";
import { dialogue, open, readAll } from "../dialogue.ts";

/** Descriptors of this process. */
const descriptors = (): number => readdirSync("/proc/self/fd").length;

/** Wait until the process has no more descriptors than this. */
async function settled(limit: number): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (descriptors() > limit && performance.now() < deadline)
    await new Promise((resolve) => setImmediate(resolve));
  expect(descriptors()).toBeLessThanOrEqual(limit);
}

test("PORT and EPRT to another machine or a well-known port are refused, whatever the spelling", async () => {
  await using ftp = await startFtp();
  await using client = await (await dialogue(ftp)).login();
  for (const command of [
    "PORT 127,0,0,2,4,1",
    "PORT 10,0,0,1,40,1",
    "PORT 127,0,0,1,3,255",
    "PORT 127,0,0,1,0,21",
    "EPRT |1|127.0.0.2|40000|",
    "EPRT |2|::1|40000|",
    "EPRT |2|::ffff:127.0.0.2|40000|",
    "EPRT |1|127.0.0.1|25|",
  ]) {
    expect(await client.say(command), command).toMatch(/^50[04] /);
  }
  for (const command of [
    "PORT",
    "PORT 1",
    "PORT 127,0,0,1,4,256",
    "PORT 0177,0,0,1,4,1",
    "EPRT",
    "EPRT |",
    "EPRT |1|x|1025|",
  ]) {
    expect(await client.say(command), command).toMatch(/^501 /);
  }
  expect(await client.say("EPRT |7|127.0.0.1|40000|")).toMatch(/^522 /);
  expect(await client.say("RETR file")).toMatch(/^425 /);
});

test("a data connection from another address is sent away, and the right one is still awaited", async () => {
  await using ftp = await startFtp({ files: { file: "for ann" } });
  await using client = await (await dialogue(ftp)).login();
  const port = Number(/\|(\d+)\|/.exec(await client.say("EPSV"))?.[1]);
  const thief = await open(port, "127.0.0.1", "127.0.0.2");
  expect((await readAll(thief)).length).toBe(0);
  const right = await open(port);
  client.send("RETR file\r\n");
  expect((await readAll(right)).toString()).toBe("for ann");
  expect([await client.reply(), await client.reply()].map((reply) => reply.slice(0, 3))).toEqual([
    "150",
    "226",
  ]);
});

test("allowForeignData lets both in, for transfers between servers", async () => {
  await using ftp = await startFtp({ files: { file: "content" }, allowForeignData: true });
  await using client = await (await dialogue(ftp)).login();
  expect(await client.say("PORT 127,0,0,2,40,1")).toMatch(/^200 /);
  const port = Number(/\|(\d+)\|/.exec(await client.say("EPSV"))?.[1]);
  const other = await open(port, "127.0.0.1", "127.0.0.2");
  client.send("RETR file\r\n");
  expect((await readAll(other)).toString()).toBe("content");
});

test("PASV a thousand times leaks no descriptor; each closes the one before", async () => {
  await using ftp = await startFtp();
  await using client = await (await dialogue(ftp)).login();
  await client.passive();
  const before = descriptors();
  let last = 0;
  for (let turn = 0; turn < 1_000; turn += 1) {
    last = Number(/\|(\d+)\|/.exec(await client.say("EPSV"))?.[1]);
  }
  await settled(before + 2);
  const first = await open(last);
  await client.say("EPSV");
  expect((await readAll(first)).length).toBe(0);
});

test("a client that connects and never sends is given up with 426 after the time", async () => {
  await using ftp = await startFtp({ dataIdleTimeoutMs: 80 });
  await using client = await (await dialogue(ftp)).login();
  const connection = await client.passive();
  connection.resume();
  expect(await client.say("STOR file")).toMatch(/^150 /);
  expect(await client.reply()).toMatch(/^426 /);
  expect(await ftp.files.exists("file")).toBe(false);
});

test("sessions that vanish at any moment leave nothing behind", async () => {
  await using ftp = await startFtp({ files: { file: Buffer.alloc(1_000_000) } });
  await (await (await dialogue(ftp)).login()).fetch("RETR file");
  const commands = ["EPSV", "STOR up", "RETR file", "LIST", "PASV", "MLSD", "APPE up", "AUTH TLS", "STOU"];
  const before = descriptors();
  for (let round = 0; round < 3; round += 1) {
    for (const command of commands) {
      for (const hasData of [false, true]) {
        const client = await (await dialogue(ftp)).login();
        const data = hasData ? await client.passive() : undefined;
        client.send(`${command}\r\n`);
        if (round === 0) await client.reply();
        if (round === 1) await new Promise((resolve) => setImmediate(resolve));
        client.socket.resetAndDestroy();
        data?.destroy();
      }
    }
  }
  await settled(before + 4);
  await expect.poll(() => ftp.connections, { timeout: 5_000 }).toBeLessThanOrEqual(1);
});

test("98 MB of NOOP whose replies nobody reads cost no memory, alone and during a transfer", async () => {
  await using ftp = await startFtp({ maxTranscriptEntries: 100 });
  for (const isBusy of [false, true]) {
    await using client = await (await dialogue(ftp)).login();
    if (isBusy) {
      await client.passive();
      await client.say("STOR up");
    }
    client.socket.pause();
    const before = process.memoryUsage().rss;
    const noops = Buffer.from("NOOP\r\n".repeat(170_000));
    let sent = 0;
    // As much as the server takes: it stops reading when we do.
    for (; sent < 98 * 1024 * 1024; sent += noops.length) {
      if (client.socket.write(noops)) continue;
      const isTaken = await Promise.race([
        new Promise<boolean>((resolve) => client.socket.once("drain", () => resolve(true))),
        new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 300)),
      ]);
      if (!isTaken) break;
    }
    expect(sent).toBeLessThan(98 * 1024 * 1024);
    expect(process.memoryUsage().rss - before).toBeLessThan(48 * 1024 * 1024);
  }
});

test("a flood of patterns is answered and costs no time to speak of", async () => {
  await using ftp = await startFtp({ files: { ["a".repeat(200)]: "" } });
  await using client = await (await dialogue(ftp)).login();
  const startMs = performance.now();
  for (let turn = 0; turn < 20; turn += 1) {
    expect((await client.fetch(`LIST ${"*a".repeat(100)}*b`)).reply).toMatch(/^550 /);
  }
  expect(performance.now() - startMs).toBeLessThan(3_000);
});
