import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { openSqliteMailbox, startSmtp } from "../../servers/smtp/index.ts";
import { scratch } from "../peers/tools.ts";
import { RawClient } from "./raw-client.ts";

test("10,000 mails from 100 connections: none is lost, none is doubled, none is altered", async () => {
  await using smtp = await startSmtp();
  const perConnection = 100;
  const deliver = async (connection: number): Promise<void> => {
    using client = await RawClient.connect(smtp);
    await client.say(`EHLO client-${connection}.test`);
    for (let n = 0; n < perConnection; n++) {
      const reply = await client.data(`${connection}@x.test`, "bob@x.test", letter(connection, n));
      expect(reply).toMatch(/^250 /);
    }
  };
  await Promise.all(Array.from({ length: 100 }, (_, connection) => deliver(connection)));
  const stored = await smtp.mailbox.list();
  expect(stored).toHaveLength(10_000);
  const next = new Map<string, number>();
  for (const { raw, envelope, session } of stored) {
    const n = next.get(envelope.mailFrom) ?? 0;
    next.set(envelope.mailFrom, n + 1);
    // In the order in which each connection sent them.
    const connection = Number.parseInt(envelope.mailFrom, 10);
    if (!letter(connection, n).equals(raw)) expect.fail(`${envelope.mailFrom} ${n} is not what was sent`);
    expect(session.clientName).toBe(`client-${connection}.test`);
  }
  expect([...next.values()]).toEqual(Array.from({ length: 100 }, () => perConnection));
});

test("every mail that got its 250 is there after kill -9, and the server starts again on its file", async () => {
  using folder = scratch();
  const database = join(folder.path, "mails.sqlite");
  const script = join(import.meta.dirname, "server-process.ts");
  const child = spawn(process.execPath, [script, database], { stdio: ["ignore", "pipe", "inherit"] });
  const closed = once(child, "close");
  const [url] = (await once(createInterface(child.stdout), "line")) as [string];
  const { hostname: host, port } = new URL(url);
  const acknowledged: string[] = [];
  const deliver = async (connection: number): Promise<void> => {
    using client = await RawClient.connect({ host, port: Number(port) });
    await client.say("EHLO client.test");
    for (let n = 0; ; n++) {
      const reply = await client.data("ann@x.test", "bob@x.test", letter(connection, n));
      if (!reply.startsWith("250 ")) throw new Error(reply);
      acknowledged.push(`${connection}/${n}`);
      if (acknowledged.length === 1_500) child.kill("SIGKILL");
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: 20 }, (_, connection) => deliver(connection)));
  expect(await closed).toEqual([null, "SIGKILL"]);
  for (const end of ends) expect(end).toMatchObject({ reason: { message: /closed the connection/ } });

  await using mailbox = openSqliteMailbox({ file: database });
  const kept = new Map<string, Buffer>();
  for (const { raw } of await mailbox.list()) {
    const text = Buffer.from(raw);
    const name = /^Subject: (\S+)/m.exec(text.toString("latin1"))?.[1] ?? "";
    expect(kept.has(name), `${name} is there twice`).toBe(false);
    kept.set(name, text);
  }
  expect(acknowledged.filter((name) => !kept.has(name))).toEqual([]);
  for (const [name, text] of kept) {
    const [connection = 0, n = 0] = name.split("/").map(Number);
    expect(letter(connection, n).equals(text), name).toBe(true);
  }
  await using smtp = await startSmtp({ mailbox });
  using client = await RawClient.connect(smtp);
  await client.say("EHLO client.test");
  expect(await client.data("ann@x.test", "bob@x.test", letter(99, 99))).toMatch(/^250 /);
  expect((await smtp.mailbox.count()).total).toBe(kept.size + 1);
});

/** A letter of its own for each, with bytes and dots that could be damaged. */
function letter(connection: number, n: number): Buffer {
  const lines = [`Subject: ${connection}/${n}`, "", ".".repeat(n % 5), "\xe9\xff".repeat(n), ".end"];
  return Buffer.from(lines.map((line) => `${line}\r\n`).join(""), "latin1");
}
