import { describe, expect, test } from "vitest";
import { htmlLetter, letter, startFixture } from "./fixture.ts";

type Json = Record<string, unknown>;

describe("GET /api/v1/wait", () => {
  test("answers at once with what is there, newest first", async () => {
    await using kit = await startFixture();
    for (const subject of ["welcome 1", "other", "welcome 2"]) await kit.arrive(letter(subject));
    const answer = await kit.call("/wait?query=subject:welcome&count=2");
    const { count, messages } = (await answer.json()) as { count: number; messages: Json[] };
    expect([answer.status, count]).toEqual([200, 2]);
    expect(messages.map((mail) => mail["Subject"])).toEqual(["welcome 2", "welcome 1"]);
    expect(messages[0]).toMatchObject({ Text: "Hello Ann", ReturnPath: "bob@example.com" });
    expect((await kit.mailbox.count()).unread).toBe(3);
  });

  test("answers as soon as the mail arrives", async () => {
    await using kit = await startFixture();
    const waiting = kit.call("/wait?query=subject:late&timeout=10m");
    // Its own watcher shows that the request is being waited on.
    await kit.call("/info");
    await kit.arrive(letter("early"));
    await kit.arrive(letter("late"));
    const { messages } = (await (await waiting).json()) as { messages: Json[] };
    expect(messages.map((mail) => mail["Subject"])).toEqual(["late"]);
  });

  test("answers 408 with what arrived and why it did not fit", async () => {
    await using kit = await startFixture();
    const near = await kit.arrive(letter("Welcome aboard"));
    await kit.arrive(letter("Invoice"));
    const answer = await kit.call(
      `/wait?timeout=1ms&count=2&query=${encodeURIComponent('subject:"welcome aboard" to:carl@example.com')}`,
    );
    expect(answer.status).toBe(408);
    expect(await answer.json()).toEqual({
      Error: "0 of 2 mails in 1ms",
      Query: 'subject:"welcome aboard" to:carl@example.com',
      Inbox: "",
      Matched: [],
      NearMisses: [
        {
          ID: near.id,
          Subject: "Welcome aboard",
          From: "bob@example.com",
          To: ["ann@example.com"],
          Created: expect.any(String),
          Unmatched: ["to:carl@example.com"],
        },
        expect.objectContaining({
          Subject: "Invoice",
          Unmatched: ['subject:"welcome aboard"', "to:carl@example.com"],
        }),
      ],
    });
  });

  test.each(["timeout=soon", "timeout=1h", "count=0", "count=x", "tz=Mars/Olympus&query=after:2026-01-01"])(
    "answers 400 to %s",
    async (query) => {
      await using kit = await startFixture();
      const answer = await kit.call(`/wait?${query}`);
      expect([answer.status, answer.headers.get("content-type")]).toEqual([400, "text/plain; charset=UTF-8"]);
    },
  );

  test("lets go of those who wait when the dashboard closes", async () => {
    await using kit = await startFixture();
    const waiting = kit.call("/wait?timeout=10m");
    await kit.call("/info");
    await kit.dashboard.close();
    const status = await waiting.then((answer) => answer.status).catch(() => "cut off");
    expect([503, "cut off"]).toContain(status);
  });
});

describe("one mail", () => {
  test("GET /session tells how it came", async () => {
    await using kit = await startFixture();
    const { id } = await kit.arrive(letter("secret"), {
      envelope: {
        mailFrom: "bounce@example.com",
        parameters: { SIZE: "120", SMTPUTF8: true },
        rcptTo: [
          { address: "Ann@example.com", parameters: { NOTIFY: "NEVER" } },
          { address: "dora@example.com", parameters: {} },
        ],
      },
      session: {
        tls: { version: "TLSv1.3", cipher: "TLS_AES_256_GCM_SHA384", serverName: "mail.test" },
        auth: { mechanism: "PLAIN", user: "ann" },
        protocol: "ESMTPSA",
        flags: ["a bare LF"],
      },
    });
    const session = (await (await kit.call(`/message/${id}/session`)).json()) as Json;
    expect(session).toEqual({
      ID: id,
      Envelope: {
        MailFrom: "bounce@example.com",
        Parameters: { SIZE: "120", SMTPUTF8: true },
        RcptTo: [
          { Address: "Ann@example.com", Parameters: { NOTIFY: "NEVER" } },
          { Address: "dora@example.com", Parameters: {} },
        ],
        Bcc: ["dora@example.com"],
      },
      Connection: 1,
      ClientName: "client.test",
      ClientAddress: "127.0.0.1",
      ClientPort: 40_000,
      Protocol: "ESMTPSA",
      TLS: { Version: "TLSv1.3", Cipher: "TLS_AES_256_GCM_SHA384", ServerName: "mail.test" },
      Auth: { Mechanism: "PLAIN", User: "ann" },
      Flags: ["a bare LF"],
      Transcript: [
        {
          Protocol: "smtp",
          Sequence: 1,
          At: "2027-01-15T08:00:00.000Z",
          Connection: 1,
          From: "S",
          Text: "220 portside.test ESMTP",
        },
        {
          Protocol: "smtp",
          Sequence: 2,
          At: "2027-01-15T08:00:00.001Z",
          Connection: 1,
          From: "C",
          Text: "EHLO client.test",
        },
      ],
    });
  });

  test("GET /links and /codes tell what a test follows and types", async () => {
    await using kit = await startFixture();
    await kit.arrive(
      htmlLetter(
        "Your code",
        '<p>Your code is <b>493 817</b>. <a href="https://example.com/verify?t=1">Verify</a></p>',
      ),
    );
    expect(await (await kit.call("/message/latest/links")).json()).toEqual({
      Links: [{ Href: "https://example.com/verify?t=1", Text: "Verify" }],
    });
    const { Codes } = (await (await kit.call("/message/latest/codes")).json()) as { Codes: string[] };
    expect(Codes[0]?.replace(/\s/g, "")).toBe("493817");
  });

  test("GET /raw gives the bytes as received, odd ones as well", async () => {
    await using kit = await startFixture();
    const raw = Uint8Array.from([0x53, 0x3a, 0x20, 0xff, 0x00, 0x0d, 0x0a, 0x0d, 0x0a, 0xfe, 0x0d]);
    await kit.mailbox.add({
      raw,
      envelope: { mailFrom: "", parameters: {}, rcptTo: [] },
      session: (await kit.arrive(letter("x"))).session,
    });
    const answer = await kit.call("/message/latest/raw?dl=1");
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(raw);
    expect(answer.headers.get("content-disposition")).toMatch(/^attachment; filename="[\w-]+\.eml"$/);
    expect((await kit.call("/message/latest")).status).toBe(200);
  });

  test("latest can be the latest of a query", async () => {
    await using kit = await startFixture();
    for (const subject of ["welcome", "other"]) await kit.arrive(letter(subject));
    const mail = (await (await kit.call("/message/latest?query=subject:welcome")).json()) as Json;
    expect(mail["Subject"]).toBe("welcome");
    expect((await kit.call("/message/latest?query=subject:nonesuch")).status).toBe(404);
  });
});

describe("POST /api/v1/inboxes", () => {
  test("makes an inbox that sees only its own mails", async () => {
    await using kit = await startFixture();
    const inbox = (await (
      await kit.call("/inboxes", { method: "POST", body: '{"Lifetime":"1h"}' })
    ).json()) as Json;
    expect(inbox).toEqual({
      address: "box1@portside.test",
      user: "box1",
      password: "secret1",
      expires: expect.any(String),
    });
    const lasts = Date.parse(String(inbox["expires"])) - Date.now();
    expect(lasts).toBeGreaterThan(3_590_000);
    expect(lasts).toBeLessThanOrEqual(3_600_000);

    await kit.arrive(letter("for ann"));
    await kit.arrive(letter("by address").replace("ann@example.com", "box1@portside.test"));
    await kit.arrive(letter("by user"), { session: { auth: { mechanism: "PLAIN", user: "box1" } } });
    await kit.arrive(letter("last for ann"));
    const subjects = async (path: string) => {
      const { messages } = (await (await kit.call(path)).json()) as { messages: Json[] };
      return messages.map((mail) => mail["Subject"]);
    };
    const mine = "inbox=box1@portside.test";
    expect(await subjects(`/messages?${mine}`)).toEqual(["by user", "by address"]);
    expect(await subjects(`/search?${mine}&query=address`)).toEqual(["by address"]);
    expect(await subjects(`/wait?${mine}`)).toEqual(["by user"]);
    expect(((await (await kit.call(`/message/latest?${mine}`)).json()) as Json)["Subject"]).toBe("by user");
    // Nobody has this address: nobody's mails, least of all those of everybody who did not log in.
    expect(await subjects("/messages?inbox=nobody@portside.test")).toEqual([]);
    await kit.call(`/messages?${mine}`, { method: "DELETE" });
    expect(await subjects("/messages")).toEqual(["last for ann", "for ann"]);
  });

  test("forgets and empties it when its time is over", async () => {
    await using kit = await startFixture();
    const removed = new Promise((resolve) =>
      kit.mailbox.watch((event) => event.type === "removed" && resolve(event)),
    );
    await kit.arrive(letter("other"));
    await kit.arrive(letter("gone").replace("ann@example.com", "box1@portside.test"));
    await kit.call("/inboxes", { method: "POST", body: '{"Lifetime":"5ms"}' });
    expect(await removed).toMatchObject({ ids: [expect.any(String)] });
    expect((await kit.mailbox.count()).total).toBe(1);
  });
});

describe("the rest", () => {
  test("every route is described, every schema named exists", async () => {
    await using kit = await startFixture();
    const description = (await (await kit.call("/openapi.json")).json()) as {
      openapi: string;
      paths: Record<string, Record<string, { operationId: string; responses: Json }>>;
      components: { schemas: Json };
    };
    expect(description.openapi).toBe("3.1.0");
    const text = JSON.stringify(description);
    for (const [, name = ""] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      expect(Object.keys(description.components.schemas)).toContain(name);
    }
    const operations = Object.values(description.paths).flatMap((path) => Object.values(path));
    expect(new Set(operations.map((operation) => operation.operationId)).size).toBe(operations.length);
    // Whatever GET it describes, the server knows: none falls through to the 404 of unknown paths.
    await kit.arrive(htmlLetter("x", "<p>x</p>"));
    for (const [path, methods] of Object.entries(description.paths)) {
      if (!methods["get"] || path.endsWith("/stream")) continue;
      const url = path.replace("{ID}", "latest").replace("{PartID}", "1");
      const answer = await fetch(
        `${kit.dashboard.url}${url}${url.endsWith("/wait") ? "?timeout=1ms" : "?query=x"}`,
      );
      expect(Object.keys(methods["get"].responses), `${path} answered ${answer.status}`).toContain(
        String(answer.status),
      );
      expect(answer.status, path).not.toBe(404);
    }
  });

  test("a body that is not JSON or too large is refused", async () => {
    await using kit = await startFixture({ maxRequestBytes: 100 });
    const put = (body: string) => kit.call("/messages", { method: "PUT", body });
    expect((await put("{")).status).toBe(400);
    expect((await put("[]")).status).toBe(400);
    expect((await put('{"IDs":"x"}')).status).toBe(400);
    const chunked = await kit.call("/messages", {
      method: "PUT",
      body: new Blob(["x".repeat(101)]).stream(),
      duplex: "half",
    });
    expect([chunked.status, await chunked.text()]).toEqual([413, "the body is larger than 100 bytes"]);
  });

  test("GET /metrics counts, with tags quoted", async () => {
    await using kit = await startFixture();
    const { id } = await kit.arrive(letter("one"), { tags: ["a b"] });
    await kit.arrive(letter("two"), { tags: ["c d"] });
    await kit.mailbox.remove([id]);
    const text = await (await fetch(`${kit.dashboard.url}/metrics`)).text();
    const figures = Object.fromEntries(
      text
        .split("\n")
        .flatMap((line) => (line === "" || line.startsWith("#") ? [] : [line.split(/ (?=[\d.]+$)/)])),
    ) as Record<string, string>;
    expect(figures).toMatchObject({
      mailpit_messages: "1",
      mailpit_messages_deleted_total: "1",
      mailpit_smtp_accepted_total: "2",
      portside_mail_sequence: "2",
    });
    expect(text).toContain('mailpit_tag_messages{tag="c d"} 1\n');
    expect(text).not.toContain('tag="a b"');
  });

  test("GET /wire lists what was said", async () => {
    await using kit = await startFixture();
    kit.recorder.record(1, "S", "220 hello", 0);
    kit.recorder.record(2, "C", "EHLO x", 1.5);
    const entries = async (query: string) =>
      ((await (await kit.call(`/wire${query}`)).json()) as { Entries: Json[] }).Entries;
    expect(await entries("?after=1")).toEqual([
      {
        Protocol: "smtp",
        Sequence: 2,
        At: "1970-01-01T00:00:00.001Z",
        Connection: 2,
        From: "C",
        Text: "EHLO x",
      },
    ]);
    expect(await entries("?connection=1")).toMatchObject([{ Text: "220 hello" }]);
  });

  test("/view/{ID} opens the mail on the page", async () => {
    await using kit = await startFixture();
    const answer = await fetch(`${kit.dashboard.url}/view/abc`, { redirect: "manual" });
    expect([answer.status, answer.headers.get("location")]).toEqual([302, "/#/mail/abc"]);
  });
});
