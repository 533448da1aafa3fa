import { describe, expect, test } from "vitest";
import { incoming, letter, sessionRecord } from "./mails.ts";
import type { Envelope, Mailbox, MailboxEvent } from "../../servers/smtp/mailbox.ts";

/** What a mailbox under the contract can be asked for when it is opened. */
export interface ContractOptions {
  readonly maxMails?: number;
  readonly maxAgeMs?: number;
  readonly now?: () => number;
}

/** A mailbox that a test can leave to `await using`. */
export type OpenMailbox = Mailbox & AsyncDisposable;

/** What parsers choke on. */
const awkwardMessages: readonly (readonly [what: string, raw: Uint8Array])[] = [
  ["an empty message", new Uint8Array(0)],
  ["one NUL", new Uint8Array([0])],
  ["every byte", Uint8Array.from({ length: 256 }, (_, index) => index)],
  ["a header without end", Buffer.from(`Subject: ${"x".repeat(100_000)}`)],
  ["an unpaired surrogate in UTF-8", Buffer.from([...Buffer.from("Subject: "), 0xed, 0xa0, 0x80, 13, 10])],
  ["an encoded word of an unpaired surrogate", Buffer.from("Subject: =?utf-16le?B?ANg=?=\r\n\r\n\0text\0")],
  ["a megabyte of noise", noise(1_000_000)],
  ["a multipart without boundary", Buffer.from("Content-Type: multipart/mixed\r\n\r\n--\r\n----\r\n")],
];

/** Bytes without any pattern, the same ones each time (a linear congruential generator). */
function noise(length: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length }, () => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) >>> 16);
}

const envelopeTo = (address: string): Envelope => ({
  mailFrom: "",
  parameters: {},
  rcptTo: [{ address, parameters: {} }],
});

const idsOf = (mails: readonly { readonly id: string }[]): string[] => mails.map(({ id }) => id);

/**
 * What every mailbox promises.
 * @param name of the mailbox, as the tests shall say it
 * @param open gives a new and empty one
 */
export function mailboxContract(
  name: string,
  open: (options?: ContractOptions) => OpenMailbox | Promise<OpenMailbox>,
): void {
  describe(`${name} keeps the contract of a mailbox:`, () => {
    test("a mail comes back with its bytes, envelope and session", async () => {
      await using mailbox = await open({ now: () => 1_700_000_000_123 });
      const mail = incoming(letter("Hello"), { tags: ["a", "b", "a"] });
      const stored = await mailbox.add(mail);
      expect(stored).toMatchObject({
        ...mail,
        tags: ["a", "b"],
        isRead: false,
        receivedAtMs: 1_700_000_000_123,
      });
      for (const found of [stored.id, stored.sequence, "latest"]) {
        expect(await mailbox.get(found)).toEqual({ ...stored, raw: new Uint8Array(mail.raw) });
      }
    });

    test.each(awkwardMessages)("%s is kept to the byte and listed", async (_, raw) => {
      await using mailbox = await open();
      const { id } = await mailbox.add(incoming(raw));
      const kept = await mailbox.get(id);
      expect(Buffer.compare(kept?.raw ?? Buffer.from("lost"), raw)).toBe(0);
      const { mails, matches } = await mailbox.search();
      expect({ matches, id: mails[0]?.id, size: mails[0]?.size }).toEqual({
        matches: 1,
        id,
        size: raw.length,
      });
    });

    test("ids are unguessable, safe in a URL, and never the same", async () => {
      await using mailbox = await open();
      const ids = new Set<string>();
      for (let n = 0; n < 1000; n += 1) ids.add((await mailbox.add(incoming("x"))).id);
      expect(ids.size).toBe(1000);
      for (const id of ids) expect(id).toMatch(/^[0-9a-z]{12,24}$/);
    });

    test("order is the sequence of arrival, whatever the clock says", async () => {
      const clock = [5000, 1000, 9000, 1000];
      await using mailbox = await open({ now: () => clock.shift() ?? 1000 });
      const stored = [];
      for (const subject of ["one", "two", "three"])
        stored.push(await mailbox.add(incoming(letter(subject))));
      expect(stored.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
      expect((await mailbox.list()).map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
      expect((await mailbox.search()).mails.map(({ subject }) => subject)).toEqual(["three", "two", "one"]);
    });

    test("a sequence number is not given twice, not even after everything was removed", async () => {
      await using mailbox = await open();
      await mailbox.add(incoming("x"));
      await mailbox.remove({});
      expect((await mailbox.add(incoming("x"))).sequence).toBe(2);
    });

    test("mails added at once are all there, in order", async () => {
      await using mailbox = await open();
      const adding = Array.from({ length: 700 }, async (_, n) =>
        mailbox.add(incoming(letter(`number ${n}`))),
      );
      const stored = await Promise.all(adding);
      expect(stored.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 700 }, (_, n) => n + 1));
      expect(idsOf(await mailbox.list())).toEqual(idsOf(stored));
      expect((await mailbox.search({ query: "number" })).matches).toBe(700);
      expect((await mailbox.search({ query: "subject:699" })).mails[0]?.id).toBe(stored[699]?.id);
    });

    test("what is unknown is undefined or passed over, never an error", async () => {
      await using mailbox = await open();
      expect(await mailbox.get("latest")).toBeUndefined();
      const { id } = await mailbox.add(incoming("x"));
      for (const unknown of ["", "nothing", 0, -1, 2, 1.5, Number.NaN]) {
        expect(await mailbox.get(unknown)).toBeUndefined();
      }
      expect(await mailbox.mark(["nothing", id, id], { isRead: true })).toEqual([id]);
      expect(await mailbox.remove(["nothing"])).toEqual([]);
      expect(await mailbox.remove([id, "nothing", id])).toEqual([id]);
      expect(await mailbox.get(id)).toBeUndefined();
    });

    test("a page says how many fit and how many of them are unread", async () => {
      await using mailbox = await open();
      for (let n = 1; n <= 7; n += 1) await mailbox.add(incoming(letter(n % 2 ? "odd" : "even")));
      await mailbox.mark([(await mailbox.get(1))?.id ?? ""], { isRead: true });
      const page = await mailbox.search({ query: "subject:odd" }, { start: 1, limit: 2 });
      expect(page.mails.map(({ sequence }) => sequence)).toEqual([5, 3]);
      expect(page).toMatchObject({ matches: 4, unreadMatches: 3 });
      expect((await mailbox.search({}, { start: 7 })).mails).toEqual([]);
      expect((await mailbox.search({}, { limit: 0 })).mails).toEqual([]);
    });

    test("the line of a mail tells what the page needs", async () => {
      await using mailbox = await open();
      const headers = "Cc: Cy <cy@example.net>\nReply-To: re@example.com\nMessage-ID: <m1@example.com>\n";
      const rcptTo = ["Bob@example.org", "hidden@example.org"].map((address) => ({
        address,
        parameters: {},
      }));
      const envelope = { mailFrom: "ann@example.com", parameters: {}, rcptTo };
      const { id } = await mailbox.add(incoming(letter("Hi", "Some  text\nhere", headers), { envelope }));
      expect((await mailbox.search()).mails).toEqual([
        {
          sequence: 1,
          id,
          receivedAtMs: expect.any(Number),
          isRead: false,
          tags: [],
          size: expect.any(Number),
          user: "carol",
          messageId: "m1@example.com",
          subject: "Hi",
          from: { name: "Ann Example", address: "ann@example.com" },
          to: [{ name: "Bob", address: "bob@example.org" }],
          cc: [{ name: "Cy", address: "cy@example.net" }],
          bcc: [{ name: "", address: "hidden@example.org" }],
          replyTo: [{ name: "", address: "re@example.com" }],
          attachments: 0,
          snippet: "Some text here",
        },
      ]);
    });

    test("counts follow adding, marking and removing", async () => {
      await using mailbox = await open();
      expect(await mailbox.count()).toEqual({ total: 0, unread: 0, bytes: 0, tags: {} });
      await mailbox.add(incoming("12345", { tags: ["b"] }));
      await mailbox.add(incoming("123", { tags: ["b", "a"] }));
      expect(await mailbox.count()).toEqual({ total: 2, unread: 2, bytes: 8, tags: { a: 1, b: 2 } });
      await mailbox.mark({ afterSequence: 1 }, { isRead: true });
      expect(await mailbox.count()).toEqual({ total: 2, unread: 1, bytes: 8, tags: { a: 1, b: 2 } });
      await mailbox.remove({ query: "is:unread" });
      expect(await mailbox.count()).toEqual({ total: 1, unread: 0, bytes: 3, tags: { a: 1, b: 1 } });
    });

    test("tags are set, renamed and removed, and only what changed is told", async () => {
      await using mailbox = await open();
      const { id: first } = await mailbox.add(incoming("x", { tags: ["old"] }));
      const { id: second } = await mailbox.add(incoming("x"));
      expect(await mailbox.mark({}, { renameTag: "old", to: "new" })).toEqual([first]);
      expect(await mailbox.mark([second], { tags: ["new", " two words ", "", "new"] })).toEqual([second]);
      expect((await mailbox.get(second))?.tags).toEqual(["new", "two words"]);
      expect(await mailbox.mark({ query: 'tag:"Two Words"' }, { removeTag: "two words" })).toEqual([second]);
      expect(await mailbox.mark({}, { tags: ["new"] })).toEqual([]);
      expect((await mailbox.count()).tags).toEqual({ new: 2 });
    });

    test("an inbox sees what was sent to its address or by its user, and nothing else", async () => {
      await using mailbox = await open();
      const { auth: _auth, ...anonymous } = sessionRecord;
      const mine = await mailbox.add(
        incoming("x", { envelope: envelopeTo("Me@Example.com"), session: anonymous }),
      );
      await mailbox.add(incoming("x", { envelope: envelopeTo("notme@example.com"), session: anonymous }));
      await mailbox.add(incoming("x", { envelope: envelopeTo("me@example.com.evil"), session: anonymous }));
      const sent = await mailbox.add(incoming("x", { envelope: envelopeTo("other@example.com") }));
      const inbox = { address: "me@example.com", user: "carol" };
      expect(idsOf(await mailbox.list({ inbox }))).toEqual([mine.id, sent.id]);
      expect(idsOf(await mailbox.list({ inbox, afterSequence: mine.sequence }))).toEqual([sent.id]);
      expect(idsOf(await mailbox.list({ inbox: { ...inbox, user: "" } }))).toEqual([mine.id]);
    });

    test("a wrong query is a TypeError, in an empty mailbox too", async () => {
      await using mailbox = await open();
      await expect(mailbox.search({ query: 'ok "open' })).rejects.toThrow(TypeError);
      await expect(mailbox.list({ query: "is:odd" })).rejects.toThrow(
        /is: at character 1 expects read, unread/,
      );
      await expect(mailbox.remove({ query: "larger:much" })).rejects.toThrow(TypeError);
      await expect(mailbox.search({ query: "after:2026-01-31", timeZone: "Moon/Sea" })).rejects.toThrow(
        /Moon/,
      );
    });

    test("watchers hear of everything in order, even of what another one does meanwhile", async () => {
      await using mailbox = await open();
      const events: MailboxEvent[] = [];
      const marking: Promise<unknown>[] = [];
      mailbox.watch(() => {
        throw new Error("a listener of a test");
      });
      mailbox.watch((event) => {
        if (event.type === "added") marking.push(mailbox.mark([event.mail.id], { isRead: true }));
      });
      const stop = mailbox.watch((event) => events.push(event));
      const first = await mailbox.add(incoming("x"));
      await Promise.all(marking);
      await mailbox.remove([first.id]);
      stop();
      await mailbox.add(incoming("x"));
      expect(events).toEqual([
        { type: "added", mail: first },
        { type: "marked", ids: [first.id] },
        { type: "removed", ids: [first.id], reason: "asked" },
      ]);
    });

    test("over maxMails the oldest go, and watchers hear of it", async () => {
      await using mailbox = await open({ maxMails: 2 });
      const events: MailboxEvent[] = [];
      mailbox.watch((event) => events.push(event));
      const stored = [];
      for (const subject of ["one", "two", "three"])
        stored.push(await mailbox.add(incoming(letter(subject))));
      expect(idsOf(await mailbox.list())).toEqual(idsOf(stored.slice(1)));
      expect((await mailbox.search({ query: "one" })).matches).toBe(0);
      expect(events.map(({ type }) => type)).toEqual(["added", "added", "added", "removed"]);
      expect(events[3]).toEqual({ type: "removed", ids: [stored[0]?.id], reason: "retention" });
    });

    test("mails as old as maxAgeMs go, whatever the order of their times", async () => {
      let now = 10_000;
      await using mailbox = await open({ maxAgeMs: 1000, now: () => now });
      const young = await mailbox.add(incoming("young"));
      now = 9500;
      const old = await mailbox.add(incoming("old"));
      const removed: MailboxEvent[] = [];
      now = 10_499;
      expect((await mailbox.count()).total).toBe(2);
      mailbox.watch((event) => removed.push(event));
      now = 10_500;
      expect(idsOf(await mailbox.list())).toEqual([young.id]);
      expect(removed).toEqual([{ type: "removed", ids: [old.id], reason: "retention" }]);
      now = 11_000;
      expect(await mailbox.get(young.id)).toBeUndefined();
    });

    test("after close every call is a TypeError, and closing twice is closing once", async () => {
      const mailbox = await open();
      await mailbox.add(incoming("x"));
      await mailbox.close();
      await mailbox.close();
      await expect(mailbox.list()).rejects.toThrow(TypeError);
      await expect(async () => mailbox.add(incoming("x"))).rejects.toThrow(TypeError);
    });
  });
}
