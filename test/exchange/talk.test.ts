import { expect, test } from "vitest";
import { exchange, ExchangeFailure } from "../../clients/exchange/index.ts";
import { startSmtp } from "../../servers/smtp/index.ts";

test("a conversation line by line, which decides by what it hears", async () => {
  await using smtp = await startSmtp({ maxMessageBytes: 4711 });
  await using talk = await exchange(smtp.url);
  await talk.hear("220 ${host:word}");
  const heard = await talk.say("EHLO me.test").hear("250-x\n&250-SIZE ${size:int}\n250 HELP");
  expect(heard).toMatchObject({ size: "4711", host: "mail.test" });
  const isLarge = Number(heard["size"]) < 5000;
  await talk.say(`MAIL FROM:<a@b.test> SIZE=${isLarge ? 9999 : 1}`).hear("552 too large");
  await talk.say("STARTTLS").hear("220 go");
  await talk.act("C starts TLS");
  await talk.say("NOOP\nNOOP").hear("250 OK\n250 OK");
  await talk.say("QUIT").hear("221 bye");
  await talk.act("S closes");
});

test("a line that is not met is told with the conversation so far", async () => {
  await using smtp = await startSmtp();
  await using talk = await exchange(smtp.url, { timeoutMs: 300 });
  await talk.hear("220 hi");
  const error = await talk
    .say("NOOP")
    .hear("550 no")
    .catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ExchangeFailure);
  expect((error as Error).message).toContain("the reply has another code: expected 550");
  expect((error as Error).message).toContain("C: NOOP");
  await expect(talk.act("S listens nothing at all")).rejects.toThrow(/I don't know the stage direction/);
});

test("nobody there is told at once", async () => {
  await expect(exchange("tcp://127.0.0.1:1")).rejects.toThrow(/cannot connect/);
  await expect(exchange("gopher://127.0.0.1:1")).rejects.toThrow(/not a scheme/);
});
