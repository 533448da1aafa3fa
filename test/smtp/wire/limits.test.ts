import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import { refuse, startSmtp } from "../../../servers/smtp/index.ts";
import { Talk } from "../../wire/talk.ts";
import { talkTo, talkToData } from "./talk.ts";

describe("startSmtp() bounds a line:", () => {
  test("500 to a command over 4,096 bytes, and the next one is heard", async () => {
    await using smtp = await startSmtp();
    await using talk = await talkTo(smtp);
    expect(await talk.say(`NOOP ${"x".repeat(4_100)}`)).toBe(500);
    expect(await talk.say(`NOOP ${"x".repeat(20_000)}`)).toBe(500);
    expect(await talk.say(`NOOP ${"x".repeat(4_000)}`)).toBe(250);
  });

  test("AUTH may be longer", async () => {
    await using smtp = await startSmtp();
    await using talk = await talkTo(smtp);
    await talk.say("EHLO client.test");
    const token = Buffer.from(`\0ann\0${"x".repeat(7_000)}`).toString("base64");
    expect(await talk.say(`AUTH PLAIN ${token}`)).toBe(235);
  });

  test("421 to a line without end, with memory flat", async () => {
    await using smtp = await startSmtp();
    await using talk = await talkTo(smtp);
    const bytes = Buffer.alloc(1_000_000, "x");
    let sent = 0;
    const flood = (): void => {
      while (sent < 64 && talk.socket.writable && talk.socket.write(bytes)) sent++;
    };
    talk.socket.on("drain", flood);
    const before = process.memoryUsage().arrayBuffers;
    flood();
    expect(await talk.reply()).toMatch(/^421/);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32_000_000);
  });

  test("a command ended by a bare LF is accepted and flagged, or refused when strict", async () => {
    await using smtp = await startSmtp();
    await using talk = await talkTo(smtp);
    talk.send("EHLO client.test\nMAIL FROM:<a@b.test>\nRCPT TO:<b@c.test>\nDATA\n");
    expect(await talk.codes(4)).toEqual([250, 250, 250, 354]);
    await talk.say(".");
    expect((await smtp.waitForMail()).session.flags).toEqual(["a command ended by a bare LF"]);
    await using strict = await startSmtp({ strict: true });
    await using other = await talkTo(strict);
    expect(await other.send("NOOP\n").codes(1)).toEqual([500]);
  });
});

describe("startSmtp() has an eye on the clock:", () => {
  test("421 to somebody who says nothing", async () => {
    await using smtp = await startSmtp({ idleTimeoutMs: 60 });
    await using talk = await talkTo(smtp);
    expect(await talk.reply()).toMatch(/^421/);
    await talk.end();
  });

  test("421 to a command that trickles", async () => {
    await using smtp = await startSmtp({ messageTimeoutMs: 100 });
    await using talk = await talkTo(smtp);
    const drip = setInterval(() => talk.socket.write("x"), 10);
    expect(await talk.reply()).toMatch(/^421/);
    clearInterval(drip);
  });

  test("421 to a message that trickles", async () => {
    await using smtp = await startSmtp({ messageTimeoutMs: 100 });
    await using talk = await talkToData(smtp);
    await talk.say("DATA");
    const drip = setInterval(() => talk.socket.write("x\r\n"), 10);
    expect(await talk.reply()).toMatch(/^421/);
    clearInterval(drip);
    expect((await smtp.mailbox.count()).total).toBe(0);
  });

  test("a TLS handshake that does not begin is cut", async () => {
    await using smtp = await startSmtp({ handshakeTimeoutMs: 60 });
    await using talk = await talkTo(smtp);
    expect(await talk.say("STARTTLS")).toBe(220);
    expect(await talk.end()).toBe("");
  });

  test.for([
    ["nothing", ""],
    ["half a ClientHello", Buffer.from("1603010200010001fc0303", "hex")],
  ] as const)("a client that ends after STARTTLS and %s is let go, whatever the limit", async ([, said]) => {
    await using smtp = await startSmtp({ handshakeTimeoutMs: 3_600_000 });
    await using talk = await talkTo(smtp);
    expect(await talk.say("STARTTLS")).toBe(220);
    talk.socket.end(said);
    expect(await talk.end()).toBe("");
  });
});

describe("startSmtp() asks callbacks:", () => {
  test.for([
    [
      "throws",
      () => {
        throw new Error("boom");
      },
    ],
    ["rejects", () => Promise.reject(new Error("boom"))],
    ["never answers", () => new Promise<undefined>(() => {})],
  ] as const)("451 when one %s, and the session goes on", async ([, onRcptTo]) => {
    await using smtp = await startSmtp({ onRcptTo, decisionTimeoutMs: 30 });
    await using talk = await talkTo(smtp);
    await talk.say("EHLO client.test");
    await talk.say("MAIL FROM:<a@b.test>");
    expect(await talk.say("RCPT TO:<b@c.test>")).toBe(451);
    expect(await talk.say("NOOP")).toBe(250);
  });

  test.for([
    ["onMailFrom", [250, 550, 503, 503]],
    ["onRcptTo", [250, 250, 550, 503]],
    ["onDataStart", [250, 250, 250, 550]],
  ] as const)("a refusal of %s is the reply", async ([name, codes]) => {
    await using smtp = await startSmtp({ [name]: () => refuse(550, "not today") });
    await using talk = await talkTo(smtp);
    talk.send("EHLO client.test\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<b@c.test>\r\nDATA\r\n");
    expect(await talk.codes(4)).toEqual(codes);
  });

  test("onConnect may refuse the connection", async () => {
    await using smtp = await startSmtp({ onConnect: () => refuse(554, "not you") });
    await using talk = await Talk.to(smtp);
    expect(await talk.reply()).toBe("554 not you");
    await talk.end();
  });

  test.for([
    ["before it has read the message", false],
    ["after it has read the message", true],
  ] as const)("onData may refuse %s; 354 comes first", async ([, reads]) => {
    let bytes = 0;
    await using smtp = await startSmtp({
      onData: async ({ content }) => {
        if (reads) for await (const piece of content) bytes += piece.length;
        return refuse(554, "no");
      },
    });
    await using talk = await talkToData(smtp);
    talk.send("DATA\r\nSubject: x\r\n\r\n.\r\n");
    expect(await talk.codes(2)).toEqual([354, 554]);
    expect(bytes).toBe(reads ? 14 : 0);
    expect((await smtp.mailbox.count()).total).toBe(0);
  });

  test("onData that reads slowly makes the sender wait, with memory flat", async () => {
    let proceed = (): void => {};
    const paused = new Promise<void>((resolve) => (proceed = resolve));
    await using smtp = await startSmtp({
      onData: async ({ content }) => {
        for await (const _piece of content) await paused;
      },
    });
    await using talk = await talkToData(smtp);
    await talk.say("DATA");
    const line = `${"x".repeat(998)}\r\n`.repeat(1_000);
    let written = 0;
    while (talk.socket.write(line) && written < 40) written++;
    for (let more = 0; more < 30; more++) talk.socket.write(line);
    await once(talk.socket, "drain", { signal: AbortSignal.timeout(300) }).catch(() => {});
    expect(talk.socket.writableLength).toBeGreaterThan(10_000_000);
    proceed();
    talk.send(".\r\n");
    expect(await talk.codes(1)).toEqual([250]);
  });

  test("onAuth decides, and VRFY and EXPN can be answered", async () => {
    await using smtp = await startSmtp({
      onAuth: (login) => (login.verify("right") ? undefined : refuse(535, "no")),
      onVrfy: (address) => ({ code: 250, text: `${address}@mail.test` }),
      onExpn: () => ({ code: 250, text: ["a@mail.test", "b@mail.test", "c@mail.test"] }),
    });
    await using talk = await talkTo(smtp);
    await talk.say("EHLO client.test");
    expect(await talk.say(`AUTH PLAIN ${Buffer.from("\0ann\0wrong").toString("base64")}`)).toBe(535);
    expect(await talk.say(`AUTH PLAIN ${Buffer.from("\0ann\0right").toString("base64")}`)).toBe(235);
    expect(await talk.send("VRFY ann\r\n").reply()).toBe("250 ann@mail.test");
    expect(await talk.send("EXPN all\r\n").reply()).toBe("250-a@mail.test\n250-b@mail.test\n250 c@mail.test");
  });
});

describe("startSmtp() is closed in order:", () => {
  test("421 to those who wait, the port is free again, twice is once", async () => {
    const smtp = await startSmtp();
    await using talk = await talkTo(smtp);
    const closing = smtp.close();
    expect(await talk.reply()).toMatch(/^421/);
    talk.socket.end();
    await closing;
    await smtp.close();
    await using again = await startSmtp({ port: smtp.port });
    expect(again.port).toBe(smtp.port);
  });

  test("a message under way may finish", async () => {
    const smtp = await startSmtp();
    await using talk = await talkToData(smtp);
    await talk.say("DATA");
    const kept = new Promise((resolve) => smtp.mailbox.watch((event) => resolve(event.type)));
    const closing = smtp.close({ graceMs: 5_000 });
    talk.send("Subject: late\r\n\r\n.\r\n");
    expect(await talk.codes(2)).toEqual([250, 421]);
    talk.socket.end();
    await closing;
    expect(await kept).toBe("added");
  });

  test("who does not go is destroyed after graceMs", async () => {
    const smtp = await startSmtp();
    await using talk = await talkToData(smtp);
    await talk.say("DATA");
    await smtp.close({ graceMs: 30 });
    await talk.end();
  });

  test("421 to one connection too many; the place is free as soon as one has gone", async () => {
    await using smtp = await startSmtp({ maxConnections: 1 });
    const first = await talkTo(smtp);
    await using second = await Talk.to(smtp);
    expect(await second.reply()).toMatch(/^421/);
    await second.end();
    first.socket.end();
    await once(first.socket, "close");
    await using third = await Talk.to(smtp);
    expect(await third.reply()).toMatch(/^220/);
  });

  test("resets at any moment hurt nobody", async () => {
    await using smtp = await startSmtp({
      onRcptTo: () => new Promise((resolve) => void setImmediate(resolve)),
    });
    const words = [
      "",
      "EHLO x\r\n",
      "MAIL FROM:<a@b.test>\r\n",
      "RCPT TO:<b@c.test>\r\n",
      "DATA\r\n",
      "x\r\n",
      ".\r\n",
      "STARTTLS\r\n",
    ];
    for (let count = 1; count <= words.length; count++) {
      for (let run = 0; run < 5; run++) {
        const socket = connect({ port: smtp.port, host: "127.0.0.1" });
        socket.on("error", () => {});
        await once(socket, "connect");
        socket.write(words.slice(0, count).join(""), () => socket.resetAndDestroy());
        await once(socket, "close");
      }
    }
    await using talk = await talkTo(smtp);
    expect(await talk.say("NOOP")).toBe(250);
    await expect.poll(() => smtp.connections).toBe(1);
  });

  test("a client that never reads its replies is not served more, with memory flat", async () => {
    await using smtp = await startSmtp();
    await using talk = await talkTo(smtp);
    talk.socket.pause();
    talk.socket.write(Buffer.alloc(60_000_000, "NOOP\r\n"));
    // Nobody reads, so it stops somewhere: what is left to send no longer changes.
    const left: number[] = [];
    await expect
      .poll(() => left.unshift(talk.socket.writableLength) > 3 && left[0] === left[3], {
        timeout: 10_000,
        interval: 100,
      })
      .toBe(true);
    expect(left[0]).toBeGreaterThan(20_000_000);
    expect(smtp.transcript.list().length).toBeLessThanOrEqual(10_000);
  });
});

describe("startSmtp() upgrades to TLS:", () => {
  test("bytes sent in clear behind STARTTLS are dropped and flagged; what was said before is forgotten", async () => {
    await using smtp = await startSmtp();
    await using talk = await talkToData(smtp);
    talk.send("STARTTLS\r\nRSET\r\nMAIL FROM:<evil@b.test>\r\n");
    expect(await talk.codes(1)).toEqual([220]);
    await talk.startTls({ ca: smtp.ca });
    expect(await talk.say("MAIL FROM:<a@b.test>")).toBe(503);
    for (const line of ["EHLO client.test", "MAIL FROM:<a@b.test>", "RCPT TO:<b@c.test>", "DATA", "."])
      await talk.say(line);
    const mail = await smtp.waitForMail();
    expect(mail.envelope.mailFrom).toBe("a@b.test");
    expect(mail.session.tls?.version).toBe("TLSv1.3");
    expect(mail.session.flags).toEqual([
      `${"RSET\r\nMAIL FROM:<evil@b.test>\r\n".length} bytes sent in clear after STARTTLS were dropped`,
    ]);
  });

  test("garbage instead of a hello closes, once", async () => {
    await using smtp = await startSmtp();
    await using talk = await talkTo(smtp);
    await talk.say("STARTTLS");
    talk.send("this is no hello\r\n");
    await talk.end();
    await expect.poll(() => smtp.connections).toBe(0);
    expect(smtp.transcript.text().match(/TLS_FAILED/g)).toHaveLength(1);
  });

  test("TLS below 1.2 is refused unless asked for", async () => {
    const old = { minVersion: "TLSv1.1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" } as const;
    await using smtp = await startSmtp();
    await using refused = await talkTo(smtp);
    await refused.say("STARTTLS");
    await expect(refused.startTls({ ca: smtp.ca, ...old })).rejects.toThrow(/alert|protocol version/i);
    await using tolerant = await startSmtp({ minTlsVersion: "TLSv1.1" });
    await using taken = await talkTo(tolerant);
    await taken.say("STARTTLS");
    await taken.startTls({ ca: tolerant.ca, ...old });
    expect(await taken.say("EHLO client.test")).toBe(250);
  });
});

describe("startSmtp() closes after QUIT:", () => {
  const lingerMs = 3_600_000;

  test("at once, and does not wait for the FIN of a client that keeps its side open", async () => {
    await using smtp = await startSmtp({ lingerMs });
    const socket = connect({ host: smtp.host, port: smtp.port, allowHalfOpen: true });
    const closed = Promise.withResolvers<void>();
    smtp.transcript.watch(({ text }) => text === "closed" && closed.resolve());
    let heard = "";
    socket.on("data", (bytes) => (heard += String(bytes)));
    socket.write("EHLO client.test\r\nQUIT\r\n");
    await Promise.all([once(socket, "end"), closed.promise]);
    expect(heard).toMatch(/^220 .*\r\n250[^]*\r\n221 [^\r]*\r\n$/);
    expect(smtp.connections).toBe(0);
    socket.destroy();
  });

  test("with a FIN, behind the last reply, when the client said more than QUIT", async () => {
    await using smtp = await startSmtp({ lingerMs });
    const socket = connect({ host: smtp.host, port: smtp.port, allowHalfOpen: true });
    let heard = "";
    socket.on("data", (bytes) => (heard += String(bytes)));
    await once(socket, "data");
    socket.write(`QUIT\r\n${"NOOP\r\n".repeat(10)}`);
    await once(socket, "end");
    expect(heard).toMatch(/\r\n221 [^\r]*\r\n$/);
    // Unread bytes would have turned the FIN into a reset.
    expect(smtp.connections).toBe(1);
    socket.end();
    await once(socket, "close");
  });
});
