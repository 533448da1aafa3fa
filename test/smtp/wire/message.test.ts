import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { startSmtp } from "../../../servers/smtp/index.ts";
import { encodeDots } from "../../../wire/dots.ts";
import { talkTo, talkToData } from "./talk.ts";

const anyBytes = fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes));
const lineEnds = fc
  .array(fc.constantFrom("\r", "\n", ".", "\r\n", "\r\n.", "a", "\0"))
  .map((all) => Buffer.from(all.join("")));

describe("startSmtp() keeps a message to the byte:", () => {
  test("whatever the bytes, with DATA, cut anywhere", async () => {
    await using smtp = await startSmtp();
    await using talk = await talkTo(smtp);
    await talk.say("EHLO client.test");
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(anyBytes, lineEnds),
        fc.array(fc.nat(), { maxLength: 4 }),
        async (message, places) => {
          talk.send("MAIL FROM:<a@b.test>\r\nRCPT TO:<b@c.test>\r\nDATA\r\n");
          await talk.codes(3);
          const wire = encodeDots(message);
          const at = [
            0,
            ...places.map((place) => place % wire.length).toSorted((a, b) => a - b),
            wire.length,
          ];
          for (let index = 1; index < at.length; index++) {
            talk.send(wire.subarray(at[index - 1], at[index]));
            await new Promise(setImmediate);
          }
          expect(await talk.codes(1)).toEqual([250]);
          const stored = await smtp.mailbox.get("latest");
          const isWhole = message.length === 0 || message.toString("latin1").endsWith("\r\n");
          expect(Buffer.from(stored!.raw).toString("latin1")).toBe(
            `${message.toString("latin1")}${isWhole ? "" : "\r\n"}`,
          );
        },
      ),
      { numRuns: 200 },
    );
  });

  test("whatever the bytes and the chunks, with BDAT", async () => {
    await using smtp = await startSmtp();
    await using talk = await talkTo(smtp);
    await talk.say("EHLO client.test");
    await fc.assert(
      fc.asyncProperty(fc.array(anyBytes, { minLength: 1, maxLength: 4 }), async (chunks) => {
        talk.send("MAIL FROM:<a@b.test> BODY=BINARYMIME\r\nRCPT TO:<b@c.test>\r\n");
        for (const chunk of chunks) talk.send(`BDAT ${chunk.length}\r\n`).send(chunk);
        talk.send("BDAT 0 LAST\r\n");
        expect(await talk.codes(3 + chunks.length)).toEqual(Array(3 + chunks.length).fill(250));
        const stored = await smtp.mailbox.get("latest");
        expect(Buffer.from(stored!.raw).equals(Buffer.concat(chunks))).toBe(true);
        expect(stored!.session.flags).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  test("a megabyte of random bytes and a megabyte of dots", async () => {
    await using smtp = await startSmtp();
    for (const message of [randomBytes(1_000_000), Buffer.from(".\r\n".repeat(350_000))]) {
      await using talk = await talkToData(smtp);
      await talk.say("DATA");
      expect((await talk.send(encodeDots(message)).codes(1))[0]).toBe(250);
      const stored = Buffer.from((await smtp.mailbox.get("latest"))!.raw);
      expect(stored.subarray(0, message.length).equals(message)).toBe(true);
    }
  });

  test.for([
    ["\n.\n", "bare LF in the message"],
    ["\r.\r", "bare CR in the message"],
    ["\n.\r\n", "bare LF in the message"],
    ["\r\n.\n", "bare LF in the message"],
    ["\r\n.\r", "bare CR in the message"],
    ["\r\n\0.\r\n", "NUL in the message"],
    [`x${"y".repeat(998)}`, "line over 998 bytes in the message"],
    ["\xe4", "8-bit message without BODY=8BITMIME"],
  ] as const)("%j does not end it, and is flagged", async ([almost, flag]) => {
    for (const isCut of [false, true]) {
      await using smtp = await startSmtp();
      await using talk = await talkToData(smtp);
      await talk.say("DATA");
      const bytes = `a${almost}b\r\n.\r\n`;
      if (isCut)
        for (const byte of bytes.slice(0, 20))
          await new Promise((sent) => talk.socket.write(Buffer.from(byte, "latin1"), sent));
      talk.send(isCut ? bytes.slice(20) : bytes);
      expect(await talk.codes(1)).toEqual([250]);
      const mail = await smtp.waitForMail();
      expect(mail.session.flags).toContain(flag);
      expect((await smtp.mailbox.count()).total).toBe(1);
      await using strict = await startSmtp({ strict: true });
      await using other = await talkToData(strict);
      await other.say("DATA");
      expect(await other.send(bytes).codes(1)).toEqual([550]);
    }
  });

  test("a dot that was not doubled is deleted, and flagged", async () => {
    await using smtp = await startSmtp();
    await using talk = await talkToData(smtp);
    await talk.say("DATA");
    await talk.say(".a\r\n..b\r\n.");
    const mail = await smtp.waitForMail();
    expect(Buffer.from(mail.raw).toString()).toBe("a\r\n.b\r\n");
    expect(mail.session.flags).toEqual(["a line began with a dot that was not doubled"]);
  });
});

describe("startSmtp() takes pipelines:", () => {
  const message =
    "MAIL FROM:<a@b.test>\r\nRCPT TO:<no@mail.test>\r\nRCPT TO:<bob@mail.test>\r\nDATA\r\nSubject: one\r\n\r\n..\r\n.\r\n";
  const refusesNo = {
    onRcptTo: async ({ address }: { readonly address: string }) => {
      await new Promise(setImmediate);
      return address.startsWith("no@") ? { code: 550, text: "no such user" } : undefined;
    },
  };

  test("envelope, message and the next one in one segment, with decisions that take time", async () => {
    await using smtp = await startSmtp(refusesNo);
    await using talk = await talkTo(smtp);
    talk.send(`EHLO client.test\r\n${message}${message}QUIT\r\n`);
    expect(await talk.codes(12)).toEqual([250, 250, 550, 250, 354, 250, 250, 550, 250, 354, 250, 221]);
    expect((await smtp.mails()).map(({ raw }) => Buffer.from(raw).toString())).toEqual(
      Array(2).fill("Subject: one\r\n\r\n.\r\n"),
    );
  });

  test("in one write for each burst of commands", async () => {
    await using smtp = await startSmtp();
    await using talk = await talkTo(smtp);
    let writes = 0;
    talk.socket.on("data", () => writes++);
    talk.send("EHLO client.test\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<b@c.test>\r\nNOOP\r\nNOOP\r\nVRFY x\r\n");
    await talk.codes(6);
    expect(writes).toBe(1);
  });

  test("a byte at a time", async () => {
    await using smtp = await startSmtp(refusesNo);
    await using talk = await talkTo(smtp);
    for (const byte of `EHLO client.test\r\n${message}`)
      await new Promise((sent) => talk.socket.write(byte, sent));
    expect(await talk.codes(6)).toEqual([250, 250, 550, 250, 354, 250]);
  });
});

describe("startSmtp() bounds a message:", () => {
  test("552 after the dot when it is larger than maxMessageBytes, and the session goes on", async () => {
    await using smtp = await startSmtp({ maxMessageBytes: 1_000 });
    await using talk = await talkToData(smtp);
    await talk.say("DATA");
    talk.send(`${"x".repeat(78)}\r\n`.repeat(200)).send(".\r\n");
    expect(await talk.codes(1)).toEqual([552]);
    expect(await talk.say("NOOP")).toBe(250);
    expect((await smtp.mailbox.count()).total).toBe(0);
  });

  test("552 to the chunk that is too much", async () => {
    await using smtp = await startSmtp({ maxMessageBytes: 10 });
    await using talk = await talkToData(smtp);
    expect(await talk.say(`BDAT 8\r\n123456\r\n`.slice(0, -2))).toBe(250);
    expect(await talk.say(`BDAT 8 LAST\r\n123456`)).toBe(552);
    expect(await talk.say("NOOP")).toBe(250);
  });

  test("BDAT may be ended by RSET, and DATA may not end it", async () => {
    await using smtp = await startSmtp();
    await using talk = await talkToData(smtp);
    expect(await talk.say("BDAT 4\r\nab")).toBe(250);
    expect(await talk.say("DATA")).toBe(503);
    expect(await talk.say("RSET")).toBe(250);
    expect(await talk.say("BDAT 4 LAST\r\nab")).toBe(503);
    expect((await smtp.mailbox.count()).total).toBe(0);
  });
});

describe("a sender that vanishes", () => {
  test("in DATA leaves nothing behind but the transcript", async () => {
    await using smtp = await startSmtp();
    for (const leave of ["destroy", "resetAndDestroy", "end"] as const) {
      const talk = await talkToData(smtp);
      await talk.say("DATA");
      await new Promise((sent) => talk.socket.write("Subject: half", sent));
      const gone = new Promise<void>((resolve) => {
        const stop = smtp.transcript.watch((entry) => {
          if (entry.from !== "*") return;
          stop();
          resolve();
        });
      });
      talk.socket[leave]();
      await gone;
      talk.socket.destroy();
    }
    expect((await smtp.mailbox.count()).total).toBe(0);
    expect(smtp.transcript.text()).toMatch(/1 \*: (closed|connection lost)/);
  });

  test("by FIN right behind the final dot gets its 250, and its message is kept", async () => {
    await using smtp = await startSmtp({
      onData: () => new Promise((resolve) => void setTimeout(resolve, 20)),
    });
    await using talk = await talkToData(smtp);
    await talk.say("DATA");
    talk.socket.end("Subject: last\r\n\r\n.\r\n");
    expect(await talk.codes(1)).toEqual([250]);
    expect((await smtp.waitForMail()).subject).toBe("last");
    await talk.end();
  });
});
