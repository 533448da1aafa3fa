import { createHash } from "node:crypto";
import { MailpitClient } from "mailpit-api";
import { describe, expect, test } from "vitest";
import type { ChaosTriggers } from "../../servers/dashboard/index.ts";
import { letter, startFixture } from "./fixture.ts";

// npm mailpit-api, unmodified: every method it has, against our REST.

const pixel =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const ann = { Email: "ann@example.com", Name: "Ann Käufer" };
const bob = { Email: "bob@example.com", Name: "Bob" };

async function start(options: Parameters<typeof startFixture>[0] = {}) {
  const fixture = await startFixture(options);
  const client = new MailpitClient(fixture.dashboard.url);
  const send = (Subject: string, more: object = {}) =>
    client.sendMessage({ From: bob, To: [ann], Subject, Text: `about ${Subject}`, ...more });
  return Object.assign(fixture, { client, send });
}

describe("mailpit-api", () => {
  test("sendMessage() stores a mail that getMessageSummary() gives back whole", async () => {
    await using kit = await start();
    const { ID } = await kit.client.sendMessage({
      From: bob,
      To: [ann],
      Cc: [{ Email: "carl@example.com" }],
      Bcc: ["dora@example.com"],
      ReplyTo: [{ Email: "reply@example.com", Name: "Reply" }],
      Subject: "Grüße, 世界 👋",
      Text: "plain body",
      HTML: '<p>rich body <img src="cid:logo"></p>',
      Headers: { "X-Campaign": "spring", "List-Unsubscribe": "<https://example.com/leave>" },
      Tags: ["spring", "we!ird <tag>"],
      Attachments: [
        {
          Content: Buffer.from("a,b\n1,2\n").toString("base64"),
          Filename: "täble.csv",
          ContentType: "text/csv",
        },
        { Content: pixel, Filename: "logo.png", ContentID: "logo" },
      ],
    });
    const mail = await kit.client.getMessageSummary(ID);
    expect(mail).toMatchObject({
      ID,
      From: { Name: "Bob", Address: "bob@example.com" },
      To: [{ Name: "Ann Käufer", Address: "ann@example.com" }],
      Cc: [{ Name: "", Address: "carl@example.com" }],
      Bcc: [{ Name: "", Address: "dora@example.com" }],
      ReplyTo: [{ Name: "Reply", Address: "reply@example.com" }],
      ReturnPath: "bob@example.com",
      Subject: "Grüße, 世界 👋",
      Tags: ["spring", "weird tag"],
      Username: "",
      HTML: '<p>rich body <img src="cid:logo"></p>',
      ListUnsubscribe: {
        Header: "<https://example.com/leave>",
        Links: ["https://example.com/leave"],
        Errors: "",
      },
    });
    expect(mail.Text.trim()).toBe("plain body");
    expect(mail.Date).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(mail.MessageID).toMatch(/^[^<>]+@[^<>]+$/);
    const digest = (name: string) => createHash(name).update("a,b\n1,2\n").digest("hex");
    expect(mail.Attachments).toEqual([
      {
        PartID: expect.any(String),
        FileName: "täble.csv",
        ContentType: "text/csv",
        ContentID: "",
        Size: 8,
        Checksums: { MD5: digest("md5"), SHA1: digest("sha1"), SHA256: digest("sha256") },
      },
    ]);
    expect(mail.Inline).toMatchObject([
      { FileName: "logo.png", ContentType: "image/png", ContentID: "logo" },
    ]);
    const source = await kit.client.getMessageSource(ID);
    expect(source).not.toContain("dora@example.com");
    expect(mail.Size).toBe(Buffer.byteLength(source));
  });

  test("sendMessage() says what is wrong with a mail", async () => {
    await using kit = await start();
    await expect(kit.client.sendMessage({ From: { Email: "nobody" }, To: [ann] })).rejects.toThrow(
      /400.*\{"Error":"From has no valid address/,
    );
    await expect(kit.client.sendMessage({ From: bob, To: [] })).rejects.toThrow(/no recipients/);
    await expect(kit.send("x", { Attachments: [{ Content: "not base64!", Filename: "a" }] })).rejects.toThrow(
      /Content must be base64/,
    );
    expect((await kit.client.listMessages()).total).toBe(0);
  });

  test("getMessageSummary() marks the mail read and 404s for one that is not there", async () => {
    await using kit = await start();
    await kit.send("one");
    expect((await kit.client.listMessages()).unread).toBe(1);
    expect((await kit.client.getMessageSummary()).Subject).toBe("one");
    expect((await kit.client.listMessages()).unread).toBe(0);
    await expect(kit.client.getMessageSummary("nonesuch")).rejects.toThrow(/404.*404 page not found/);
  });

  test("listMessages() pages newest first", async () => {
    await using kit = await start();
    for (const subject of ["one", "two", "three"]) await kit.send(subject, { Tags: [subject] });
    const page = await kit.client.listMessages(1, 1);
    expect(page).toMatchObject({
      total: 3,
      unread: 3,
      count: 1,
      messages_count: 3,
      messages_unread: 3,
      start: 1,
      tags: ["one", "three", "two"],
    });
    expect(page.messages).toEqual([
      {
        ID: expect.any(String),
        MessageID: expect.any(String),
        Read: false,
        From: { Name: "Bob", Address: "bob@example.com" },
        To: [{ Name: "Ann Käufer", Address: "ann@example.com" }],
        Cc: [],
        Bcc: [],
        ReplyTo: [],
        Subject: "two",
        Created: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        Username: "",
        Tags: ["two"],
        Size: expect.any(Number),
        Attachments: 0,
        Snippet: "about two",
      },
    ]);
  });

  test("searchMessages() and deleteMessagesBySearch() work on what fits", async () => {
    await using kit = await start();
    await kit.send("invoice 1");
    await kit.send("invoice 2");
    await kit.send("welcome");
    const found = await kit.client.searchMessages({ query: "subject:invoice", limit: 1 });
    expect(found).toMatchObject({ total: 3, messages_count: 2, messages_unread: 2, count: 1, start: 0 });
    expect(found.messages[0]?.Subject).toBe("invoice 2");
    await expect(kit.client.searchMessages({ query: " " })).rejects.toThrow(/400.*no search query/);
    await expect(kit.client.deleteMessagesBySearch({ query: "" })).rejects.toThrow(/400.*no search query/);
    expect(await kit.client.deleteMessagesBySearch({ query: "subject:invoice" })).toBe("ok");
    expect((await kit.client.listMessages()).messages.map((mail) => mail.Subject)).toEqual(["welcome"]);
  });

  test("searchMessages() reads after: in the time zone given", async () => {
    await using kit = await start();
    await kit.send("today");
    // The day that has begun on Kiritimati (+14) begins at -12 only 26 hours later.
    const day = new Intl.DateTimeFormat("en-CA", { timeZone: "Pacific/Kiritimati" }).format(new Date());
    const search = { query: `after:${day}` };
    expect((await kit.client.searchMessages({ ...search, tz: "Pacific/Kiritimati" })).count).toBe(1);
    expect((await kit.client.searchMessages({ ...search, tz: "Etc/GMT+12" })).count).toBe(0);
    await expect(kit.client.searchMessages({ ...search, tz: "Mars/Olympus" })).rejects.toThrow(/400/);
  });

  test("waitForMessage() and waitForMessages() see what arrives meanwhile", async () => {
    await using kit = await start();
    const soon = { timeout: 5000, interval: 10 };
    const one = kit.client.waitForMessage({ query: "subject:late" }, soon);
    const two = kit.client.waitForMessages({ query: "subject:late", count: 2 }, soon);
    const any = kit.client.waitForMessages(soon);
    await kit.send("late 1");
    expect((await one).Subject).toBe("late 1");
    await kit.send("late 2");
    expect((await two).messages_count).toBe(2);
    expect((await any).total).toBeGreaterThan(0);
  });

  test("setReadStatus() marks by id, by search and all", async () => {
    await using kit = await start();
    const { ID } = await kit.send("one");
    await kit.send("two");
    await kit.send("three");
    const unread = async () =>
      (await kit.client.listMessages()).messages.filter((mail) => !mail.Read).map((mail) => mail.Subject);
    expect(await kit.client.setReadStatus({ IDs: [ID], Read: true })).toBe("ok");
    expect(await unread()).toEqual(["three", "two"]);
    await kit.client.setReadStatus({ Search: "subject:two", Read: true }, { tz: "America/Chicago" });
    expect(await unread()).toEqual(["three"]);
    await kit.client.setReadStatus();
    expect(await unread()).toEqual(["three", "two", "one"]);
    await kit.client.setReadStatus({ Read: true });
    expect(await unread()).toEqual([]);
    await expect(kit.client.setReadStatus({ IDs: [ID], Search: "x" })).rejects.toThrow(/400.*not both/);
  });

  test("deleteMessages() deletes those named, and all without a name", async () => {
    await using kit = await start();
    const { ID } = await kit.send("one");
    await kit.send("two");
    expect(await kit.client.deleteMessages({ IDs: [ID] })).toBe("ok");
    expect((await kit.client.listMessages()).messages.map((mail) => mail.Subject)).toEqual(["two"]);
    expect(await kit.client.deleteMessages()).toBe("ok");
    expect((await kit.client.listMessages()).total).toBe(0);
    expect((await kit.client.getInfo()).RuntimeStats.MessagesDeleted).toBe(2);
  });

  test("tags are set, listed, renamed and taken off", async () => {
    await using kit = await start();
    const { ID } = await kit.send("one");
    expect(await kit.client.setTags({ IDs: [ID], Tags: ["Über tag", "b<>"] })).toBe("ok");
    expect(await kit.client.getTags()).toEqual(["b", "Über tag"]);
    expect(await kit.client.renameTag("Über tag", "c/d")).toBe("ok");
    expect(await kit.client.getTags()).toEqual(["b", "cd"]);
    expect(await kit.client.deleteTag("b")).toBe("ok");
    expect((await kit.client.getMessageSummary(ID)).Tags).toEqual(["cd"]);
    expect(await kit.client.setTags({ IDs: [ID] })).toBe("ok");
    expect(await kit.client.getTags()).toEqual([]);
    await expect(kit.client.renameTag("b", "<>")).rejects.toThrow(/400/);
  });

  test("getMessageHeaders() and getMessageSource() give the message as sent", async () => {
    await using kit = await start();
    const raw = "Received: one\nReceived: two\nmessage-id: <x@y>\nSubject: =?utf-8?q?gr=C3=BCn?=\n\nbody\n";
    await kit.arrive(raw);
    expect(await kit.client.getMessageHeaders()).toEqual({
      "Message-Id": ["<x@y>"],
      Received: ["one", "two"],
      Subject: ["grün"],
    });
    expect(await kit.client.getMessageSource()).toBe(raw.replaceAll("\n", "\r\n"));
  });

  test("getMessageAttachment() and getAttachmentThumbnail() give the part", async () => {
    await using kit = await start();
    const { ID } = await kit.send("files", {
      Attachments: [
        { Content: pixel, Filename: "dot.png" },
        { Content: Buffer.from("<script>1</script>").toString("base64"), Filename: "evil.svg" },
      ],
    });
    const { Attachments } = await kit.client.getMessageSummary(ID);
    const [picture = "", drawing = ""] = Attachments.map((part) => part.PartID);
    const blob = await kit.client.getMessageAttachment(ID, picture);
    expect(blob.type).toBe("image/png");
    expect(Buffer.from(await blob.arrayBuffer()).toString("base64")).toBe(pixel);
    expect((await kit.client.getAttachmentThumbnail(ID, picture)).type).toBe("image/png");
    expect((await kit.client.getAttachmentThumbnail("latest", drawing)).type).toBe("image/gif");
    await expect(kit.client.getMessageAttachment(ID, "9")).rejects.toThrow(/404/);
    const svg = await kit.call(`/message/${ID}/part/${drawing}`);
    expect(svg.headers.get("content-type")).toMatch(/^image\/svg\+xml/);
    expect(svg.headers.get("content-security-policy")).toMatch(/^sandbox; default-src 'none'/);
  });

  test("renderMessageHTML() and renderMessageText() show a mail", async () => {
    await using kit = await start();
    const { ID } = await kit.send("both", {
      HTML: '<b>hi</b><img src="cid:a%40b"><img src="cid:none">',
      Attachments: [{ Content: pixel, Filename: "dot.png", ContentID: "a@b" }],
    });
    const { Inline } = await kit.client.getMessageSummary(ID);
    expect(await kit.client.renderMessageHTML()).toBe(
      `<b>hi</b><img src="/api/v1/message/${ID}/part/${Inline[0]?.PartID}"><img src="cid:none">`,
    );
    expect(await kit.client.renderMessageHTML(ID, 1)).toBe(
      `<!doctype html><base target="_blank"><b>hi</b><img src="data:image/png;base64,${pixel}"><img src="cid:none">`,
    );
    expect((await kit.client.renderMessageText(ID)).trim()).toBe("about both");
    await kit.arrive(letter("plain"));
    await expect(kit.client.renderMessageHTML()).rejects.toThrow(/404/);
  });

  test("getInfo() and getConfiguration() tell the state", async () => {
    await using kit = await start({ label: "staging" });
    await kit.send("one", { Tags: ["a"] });
    kit.recorder.record(1, "S", "550 5.1.1 no such user", 0);
    const info = await kit.client.getInfo();
    expect(info).toMatchObject({
      Messages: 1,
      Unread: 1,
      Tags: { a: 1 },
      RuntimeStats: {
        SMTPAccepted: 1,
        SMTPAcceptedSize: info.DatabaseSize,
        SMTPRejected: 1,
        MessagesDeleted: 0,
      },
    });
    expect(info.Version).toMatch(/^\d+\.\d+\.\d+/);
    expect(info.RuntimeStats.Memory).toBeGreaterThan(1_000_000);
    expect(await kit.client.getConfiguration()).toMatchObject({
      Label: "staging",
      MessageRelay: { Enabled: false },
      ChaosEnabled: false,
    });
  });

  test("getChaosTriggers() and setChaosTriggers() reach the fault rules", async () => {
    const none = { ErrorCode: 451, Probability: 0 };
    let triggers: ChaosTriggers = { Sender: none, Recipient: none, Authentication: none };
    const chaos = {
      get: () => triggers,
      set: (given: Partial<ChaosTriggers>) => {
        triggers = { Sender: none, Recipient: none, Authentication: none, ...given };
      },
    };
    await using plain = await start();
    const { mailbox, recorder: transcript } = plain;
    const mail = {
      mailbox,
      transcript,
      url: "smtp://127.0.0.1:1",
      inbox: () => ({ address: "", user: "", password: "" }),
      chaos,
    };
    await using kit = await start({ mail });
    await expect(plain.client.getChaosTriggers()).rejects.toThrow(/501.*without fault rules/);
    expect(await kit.client.getChaosTriggers()).toEqual(triggers);
    const Sender = { ErrorCode: 421, Probability: 25 };
    expect(await kit.client.setChaosTriggers({ Sender })).toEqual({
      Sender,
      Recipient: none,
      Authentication: none,
    });
    expect((await kit.client.setChaosTriggers()).Sender).toEqual(none);
    await expect(kit.client.setChaosTriggers({ Sender: { ErrorCode: 250, Probability: 1 } })).rejects.toThrow(
      /400.*400 to 599/,
    );
    expect((await kit.client.getConfiguration()).ChaosEnabled).toBe(true);
  });

  test("what is not offered says so", async () => {
    await using kit = await start();
    await kit.send("one");
    await expect(kit.client.htmlCheck()).rejects.toThrow(/501.*does not check the HTML/);
    await expect(kit.client.linkCheck()).rejects.toThrow(/501.*links lists them/);
    await expect(kit.client.spamAssassinCheck()).rejects.toThrow(/501.*no SpamAssassin/);
    await expect(kit.client.releaseMessage("latest", { To: ["a@b"] })).rejects.toThrow(/501.*never sends/);
    await expect(kit.client.htmlCheck("nonesuch")).rejects.toThrow(/404/);
  });

  test("credentials are asked for, everywhere but at the health checks", async () => {
    await using kit = await start({ credentials: { admin: "s3cret:ü" } });
    await expect(kit.client.getInfo()).rejects.toThrow(/401/);
    const known = new MailpitClient(kit.dashboard.url, { auth: { username: "admin", password: "s3cret:ü" } });
    expect((await known.getInfo()).Messages).toBe(0);
    const wrong = new MailpitClient(kit.dashboard.url, { auth: { username: "admin", password: "s3cret" } });
    await expect(wrong.listMessages()).rejects.toThrow(/401/);
    expect((await fetch(`${kit.dashboard.url}/livez`)).status).toBe(200);
    expect((await fetch(`${kit.dashboard.url}/readyz`)).status).toBe(200);
    const page = await fetch(`${kit.dashboard.url}/`);
    expect([page.status, page.headers.get("www-authenticate")]).toEqual([
      401,
      'Basic realm="Portside", charset="UTF-8"',
    ]);
  });

  test("a webroot holds all of it", async () => {
    await using kit = await start({ webroot: "/mail/" });
    expect(kit.dashboard.url).toMatch(/:\d+\/mail$/);
    const { ID } = await kit.send("one", { HTML: "<p>hi</p>" });
    expect((await kit.client.getMessageSummary(ID)).Subject).toBe("one");
    expect(await kit.client.renderMessageHTML(ID)).toBe("<p>hi</p>");
    expect((await fetch(new URL("/api/v1/info", kit.dashboard.url))).status).toBe(404);
  });
});
