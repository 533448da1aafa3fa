import { expect, test } from "vitest";
import { startSmtp } from "../../../servers/smtp/index.ts";
import { talkTo, talkToData } from "../../smtp/wire/talk.ts";
import { Talk } from "../../wire/talk.ts";

test("a rule answers in the server's place, and the transcript says so", async () => {
  await using smtp = await startSmtp({
    rules: [{ on: "RCPT", times: { first: 2 }, fault: "reply", code: 450, text: "greylisted" }],
  });
  await using talk = await talkTo(smtp);
  await talk.say("EHLO client.test");
  await talk.say("MAIL FROM:<ann@client.test>");
  expect(await talk.send("RCPT TO:<bob@mail.test>\r\n").reply()).toBe("450 greylisted");
  expect([await talk.say("RCPT TO:<bob@mail.test>"), await talk.say("RCPT TO:<bob@mail.test>")]).toEqual([
    450, 250,
  ]);
  const told = smtp.transcript.list().filter(({ from, text }) => from === "*" && text.startsWith("fault"));
  expect(told.map(({ text }) => text)).toEqual([
    "fault 1: reply 450 at connection 1, RCPT #1",
    "fault 1: reply 450 at connection 1, RCPT #2",
  ]);
  expect(smtp.rules.list()).toEqual([{ number: 1, title: "reply 450", on: "RCPT", met: 3, fired: 2 }]);
});

test("rules come and go on an open connection", async () => {
  await using smtp = await startSmtp();
  await using talk = await talkTo(smtp);
  const takeOut = smtp.rules.add({ on: "NOOP", fault: "reply", code: 500 });
  expect(await talk.say("NOOP")).toBe(500);
  takeOut();
  expect(await talk.say("NOOP")).toBe(250);
  smtp.rules.add({ on: "NOOP", fault: "reply", code: 501 }, { on: "VRFY", fault: "disconnect" });
  expect(await talk.say("NOOP")).toBe(501);
  expect(smtp.rules.warnings()).toEqual(["rule 3 never fired: disconnect on VRFY"]);
  smtp.rules.clear();
  expect([await talk.say("NOOP"), smtp.rules.list()]).toEqual([250, []]);
});

test("written rules are the same rules", async () => {
  await using smtp = await startSmtp({
    rules: [
      `seed: 42
(whenever first 2 times)
  C: RCPT TO:<grey@\${=example.com}>
  S: 450 4.7.1 greylisted, try again later
(end)
(whenever)
  C: NOOP
  S: 250-one
  S: 250 two
(end)
(whenever)
  C: RSET
  (pass quietly)
  S: 2xx forgotten
(end)
`,
    ],
  });
  await using talk = await talkTo(smtp);
  await talk.say("EHLO client.test");
  await talk.say("MAIL FROM:<ann@client.test>");
  expect(await talk.say("rcpt to:<grey@example.com>")).toBe(450);
  expect(await talk.say("RCPT TO:<other@example.com>")).toBe(250);
  expect(await talk.say("RCPT TO:<grey@example.com>")).toBe(450);
  expect(await talk.say("RCPT TO:<grey@example.com>")).toBe(250);
  expect(await talk.send("NOOP\r\n").reply()).toBe("250-one\n250 two");
  expect(await talk.say("RSET")).toBe(250);
  expect(smtp.rules.seed).toBe(42);
  expect(smtp.transcript.text()).toContain("fault 1: reply at connection 1, RCPT #1 (rule at line 2)");
});

test("a mail refused at its dot is not kept, and the next one is taken", async () => {
  await using smtp = await startSmtp({ rules: [{ fault: "reject_at_dot", times: { first: 1 } }] });
  await using talk = await talkToData(smtp);
  expect(await talk.say("DATA")).toBe(354);
  expect(await talk.say("Subject: one\r\n\r\nhello\r\n.")).toBe(554);
  expect(await talk.say("MAIL FROM:<ann@client.test>")).toBe(250);
  expect(await talk.say("RCPT TO:<bob@mail.test>")).toBe(250);
  expect(await talk.say("DATA")).toBe(354);
  expect(await talk.say("Subject: two\r\n\r\nhello\r\n.")).toBe(250);
  expect((await smtp.mails()).map(({ subject }) => subject)).toEqual(["two"]);
});

test("the lost acknowledgement: the mail is kept, and the client is reset", async () => {
  await using smtp = await startSmtp({ rules: [{ fault: "lost_reply" }] });
  await using talk = await talkToData(smtp);
  await talk.say("DATA");
  talk.send("Subject: lost\r\n\r\nhello\r\n.\r\n");
  expect(await talk.end()).toBe("");
  expect((await smtp.waitForMail()).subject).toBe("lost");
});

test("a rule is about one inbox, one user, one address or one connection", async () => {
  await using smtp = await startSmtp();
  const inbox = smtp.inbox();
  smtp.rules.add(
    { on: "NOOP", inbox, fault: "reply", code: 501 },
    { on: "NOOP", user: "ann", fault: "reply", code: 502 },
    { on: "NOOP", address: "slow@client.test", fault: "reply", code: 503 },
    { on: "NOOP", connection: 3, fault: "reply", code: 504 },
  );
  const login = async (user: string, password: string): Promise<Talk> => {
    const talk = await talkTo(smtp);
    await talk.say("EHLO client.test");
    expect(await talk.say(`AUTH PLAIN ${Buffer.from(`\0${user}\0${password}`).toString("base64")}`)).toBe(
      235,
    );
    return talk;
  };
  await using first = await login(inbox.user, inbox.password);
  await using second = await login("ann", "any");
  await using third = await talkTo(smtp);
  await using fourth = await talkTo(smtp);
  await fourth.say("EHLO client.test");
  await fourth.say("MAIL FROM:<Slow@client.test> SIZE=10");
  expect([
    await first.say("NOOP"),
    await second.say("NOOP"),
    await third.say("NOOP"),
    await fourth.say("NOOP"),
  ]).toEqual([501, 502, 504, 503]);
  await fourth.say("RSET");
  expect(await fourth.say("NOOP")).toBe(250);
});

test("the same seed gives the same faults on 50 connections at once", async () => {
  const run = async (seed: number): Promise<Map<number, string>> => {
    await using smtp = await startSmtp({
      seed,
      rules: [
        { on: "NOOP", percent: 30, fault: "reply", code: 450 },
        { on: "NOOP", percent: 30, fault: "reply", code: 451 },
      ],
    });
    await Promise.all(
      Array.from({ length: 50 }, async () => {
        await using talk = await talkTo(smtp);
        for (let n = 0; n < 10; n++) await talk.say("NOOP");
      }),
    );
    const faults = new Map<number, string>();
    for (const { connection, from, text } of smtp.transcript.list()) {
      if (from !== "S" || !/^[24]5[01] /.test(text)) continue;
      faults.set(connection, `${faults.get(connection) ?? ""} ${text.slice(0, 3)}`);
    }
    return faults;
  };
  const once = await run(7);
  expect(await run(7)).toEqual(once);
  expect(await run(8)).not.toEqual(once);
  const codes = [...once.values()].join("").trim().split(" ");
  expect(codes).toHaveLength(500);
  // 30 % of 500, and 30 % of what is left.
  expect(codes.filter((code) => code === "450").length).toBeGreaterThan(110);
  expect(codes.filter((code) => code === "450").length).toBeLessThan(190);
  expect(codes.filter((code) => code === "451").length).toBeGreaterThan(70);
});

test("faults on bytes last as long as the connection, and go with their rule", async () => {
  await using smtp = await startSmtp({ rules: [{ fault: "slicer", averageBytes: 1 }] });
  await using talk = await Talk.to(smtp);
  const sizes: number[] = [];
  talk.socket.on("data", (bytes) => sizes.push(bytes.length));
  expect(await talk.reply()).toMatch(/^220 /);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeGreaterThan(20);
  expect(smtp.rules.list()[0]).toMatchObject({ fired: 1, on: "connection" });
  smtp.rules.clear();
  expect(await talk.say("NOOP")).toBe(250);
});

test("silence ends with a client that had ended before its first fault", async () => {
  const asked = Promise.withResolvers<void>();
  const decided = Promise.withResolvers<undefined>();
  await using smtp = await startSmtp({
    onMailFrom: () => {
      asked.resolve();
      return decided.promise;
    },
    rules: [{ on: "RCPT", fault: "timeout" }],
  });
  await using talk = await talkTo(smtp);
  await talk.say("EHLO client.test");
  talk.send("MAIL FROM:<ann@client.test>\r\nRCPT TO:<bob@mail.test>\r\n").socket.end();
  await asked.promise;
  // What the server hears of somebody who comes later, it hears after the end.
  await using later = await talkTo(smtp);
  await later.say("NOOP");
  decided.resolve(undefined);
  expect(await talk.end()).toMatch(/^250 [^\r]*\r\n$/);
});

test("what makes no sense is refused when it is added", async () => {
  await using smtp = await startSmtp();
  expect(() => smtp.rules.add({ fault: "reply", code: 450 })).toThrow(/needs on/);
  expect(() => smtp.rules.add({ on: "RCPT", fault: "reply", code: 77 })).toThrow(/100 to 599/);
  expect(() => smtp.rules.add({ on: "RCPT", fault: "explode" as "disconnect" })).toThrow(
    /no fault "explode"/,
  );
  expect(() => smtp.rules.add("(whenever)\n  C: NOOP\n  (C connects)\n(end)\n")).toThrow(
    /rules:3: a rule can/,
  );
  expect(() => smtp.rules.add("(whenever)\n  C: NOOP\n")).toThrow();
  expect(smtp.rules.list()).toEqual([]);
});
