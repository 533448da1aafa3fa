import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { openSqliteMailbox } from "../../servers/smtp/mailboxes/sqlite.ts";
import { incoming, letter } from "../contracts/mails.ts";
import type { MailboxEvent } from "../../servers/smtp/mailbox.ts";

const folder = mkdtempSync(join(tmpdir(), "portside-mailbox-file-"));
afterAll(() => rm(folder, { recursive: true }));
let files = 0;
const newFile = (): string => join(folder, `${(files += 1)}.sqlite`);

test("a file opened again gives the same mails, marks, counts, searches and next sequence number", async () => {
  const file = newFile();
  const told = async () => {
    await using mailbox = openSqliteMailbox({ file });
    const mails = await mailbox.list();
    const pages = [];
    for (const query of ["", "hello", "from:example", "is:unread", "tag:t", '-"code is"', "bcc:bob"]) {
      pages.push(await mailbox.search({ query }));
    }
    return { mails, pages, counts: await mailbox.count() };
  };
  {
    await using mailbox = openSqliteMailbox({ file });
    await mailbox.add(
      incoming(letter("Hello", "Your code is 123 456", "Cc: Cy <cy@example.net>\n"), { tags: ["t"] }),
    );
    await mailbox.add(incoming("\0 no letter at all \xff"));
    await mailbox.add(incoming(letter("Bye")));
    await mailbox.mark(["latest"], { isRead: true });
    await mailbox.remove({ query: "bye" });
  }
  const before = await told();
  expect(before.mails.map(({ sequence }) => sequence)).toEqual([1, 2]);
  expect(before.mails[0]).toMatchObject({
    ...incoming(""),
    raw: new Uint8Array(incoming(letter("Hello", "Your code is 123 456", "Cc: Cy <cy@example.net>\n")).raw),
    tags: ["t"],
  });
  expect(before.pages.map(({ matches }) => matches)).toEqual([2, 1, 1, 2, 1, 1, 1]);
  expect(await told()).toEqual(before);
  await using mailbox = openSqliteMailbox({ file });
  expect((await mailbox.add(incoming("x"))).sequence).toBe(4);
});

test("every mail whose add() resolved is there after kill -9", async () => {
  const file = newFile();
  const writer = fileURLToPath(new URL("mailbox-writer.ts", import.meta.url));
  const child = spawn(process.execPath, [writer, file], { stdio: ["ignore", "pipe", "inherit"] });
  const closed = once(child, "close");
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said += text;
    if (said.length > 50_000) child.kill("SIGKILL");
  });
  expect(await closed).toEqual([null, "SIGKILL"]);
  const acknowledged = said.slice(0, said.lastIndexOf("\n")).split("\n");
  expect(acknowledged.length).toBeGreaterThan(1000);

  await using mailbox = openSqliteMailbox({ file });
  const mails = await mailbox.list();
  const kept = new Set(mails.map(({ sequence, id }) => `${sequence} ${id}`));
  expect(acknowledged.filter((line) => !kept.has(line))).toEqual([]);
  expect((await mailbox.search({ query: "subject:mail mail" })).matches).toBe(mails.length);
  for (const { raw, sequence } of mails) {
    expect(Buffer.from(raw).includes(`Subject: mail ${sequence - 1}\r\n`)).toBe(true);
  }
});

test("a file that another mailbox holds is WireError FILE_IN_USE, and free again after close", async () => {
  const file = newFile();
  const first = openSqliteMailbox({ file });
  expect(() => openSqliteMailbox({ file })).toThrow(/^FILE_IN_USE .*is held by another mailbox/);
  await first.close();
  await openSqliteMailbox({ file }).close();
});

test("a file that another process holds is WireError FILE_IN_USE", async () => {
  const file = newFile();
  const writer = fileURLToPath(new URL("mailbox-writer.ts", import.meta.url));
  const child = spawn(process.execPath, [writer, file], { stdio: ["ignore", "pipe", "inherit"] });
  const closed = once(child, "close");
  await once(child.stdout, "data");
  expect(() => openSqliteMailbox({ file })).toThrow(/^FILE_IN_USE /);
  child.kill("SIGKILL");
  await closed;
});

test("what is no mailbox is a TypeError that says so, and stays as it is", () => {
  const text = newFile();
  writeFileSync(text, "This is not a database, but long enough to have a header. ".repeat(50));
  expect(() => openSqliteMailbox({ file: text })).toThrow(/TypeError|is not a mailbox/);
  expect(() => openSqliteMailbox({ file: text })).toThrow(TypeError);

  const foreign = newFile();
  const database = new DatabaseSync(foreign);
  database.exec("CREATE TABLE guests (name TEXT)");
  database.close();
  expect(() => openSqliteMailbox({ file: foreign })).toThrow(/is a database, but not a mailbox/);

  expect(() => openSqliteMailbox({ file: join(folder, "no", "such", "folder") })).toThrow(
    /folder must exist/,
  );
});

test("a mailbox of a newer version is a TypeError that says what to do", async () => {
  const file = newFile();
  await openSqliteMailbox({ file }).close();
  const database = new DatabaseSync(file);
  database.exec("PRAGMA user_version = 99");
  database.close();
  expect(() => openSqliteMailbox({ file })).toThrow(/version 99, this portside reads up to 1; update/);
});

test("a limit that is no positive integer is a TypeError", () => {
  expect(() => openSqliteMailbox({ maxMails: 0 })).toThrow(/maxMails must be a positive integer/);
  expect(() => openSqliteMailbox({ maxAgeMs: -1 })).toThrow(TypeError);
  expect(() => openSqliteMailbox({ maxMails: 1.5 })).toThrow(TypeError);
});

test("a mail on which the parser throws is kept and listed", async () => {
  await using mailbox = openSqliteMailbox({
    summarize: () => {
      throw new RangeError("a parser of a test");
    },
  });
  const { id } = await mailbox.add(incoming(letter("Hello")));
  expect((await mailbox.search()).mails).toMatchObject([
    { id, subject: "", bcc: [{ address: "bob@example.org" }] },
  ]);
  expect((await mailbox.get(id))?.raw).toEqual(new Uint8Array(incoming(letter("Hello")).raw));
});

test("one mail that cannot be stored is refused alone", async () => {
  await using mailbox = openSqliteMailbox({ file: newFile() });
  const cyclic: string[] = [];
  Object.assign(cyclic, { 0: cyclic });
  const adding = await Promise.allSettled([
    mailbox.add(incoming("one")),
    mailbox.add(incoming("two", { session: { ...incoming("").session, flags: cyclic } })),
    mailbox.add(incoming("three")),
  ]);
  expect(adding.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect((await mailbox.list()).map(({ raw }) => Buffer.from(raw).toString())).toEqual(["one", "three"]);
});

test("an old mail is removed while nobody does anything", async () => {
  await using mailbox = openSqliteMailbox({ maxAgeMs: 30 });
  const removed = new Promise<MailboxEvent>((resolve) => {
    mailbox.watch((event) => event.type === "removed" && resolve(event));
  });
  const { id } = await mailbox.add(incoming("x"));
  expect(await removed).toEqual({ type: "removed", ids: [id], reason: "retention" });
});

test("over maxMails the event comes without anybody asking", async () => {
  await using mailbox = openSqliteMailbox({ maxMails: 1 });
  const removed = new Promise<MailboxEvent>((resolve) => {
    mailbox.watch((event) => event.type === "removed" && resolve(event));
  });
  const { id } = await mailbox.add(incoming("x"));
  await mailbox.add(incoming("y"));
  expect(await removed).toEqual({ type: "removed", ids: [id], reason: "retention" });
});
