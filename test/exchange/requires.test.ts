import { expect, test } from "vitest";
import { playExchange, tryExchange } from "../../clients/exchange/index.ts";
import { startSmtp } from "../../servers/smtp/index.ts";
import { prepare } from "../../wire/exchange/load.ts";
import { jsonEnd } from "../../wire/exchange/reports/json.ts";
import { junitReport } from "../../wire/exchange/reports/junit.ts";
import { tapReport } from "../../wire/exchange/reports/tap.ts";
import { textReport } from "../../wire/exchange/reports/text.ts";

const script = (requires: string, asks: string) =>
  prepare(
    `title: a\nrequires: ${requires}\n(C connects)\nS: 220 hi\nC: EHLO a.test\nS: 250-hi\nS&: 250-${asks}\nS: 250 HELP\nC: QUIT\nS: 221 bye\n`,
    "a.exchange",
  );

test("requires: a server that does not offer it is not what the script is about", async () => {
  await using smtp = await startSmtp();
  const outcome = await playExchange(script("STARTTLS, X-NOTHING", "X-NOTHING"), { target: smtp.url });
  expect(outcome.skipped).toBe("the server does not offer X-NOTHING");
  expect(outcome.failure).toBeUndefined();
  expect(textReport(outcome)).toBe("SKIP  a.exchange   a   the server does not offer X-NOTHING");
  expect(tapReport([outcome])).toContain("ok 1 - a.exchange - a # SKIP the server does not offer X-NOTHING");
  expect(junitReport([outcome])).toContain('skipped="1"');
  expect(junitReport([outcome])).toContain('<skipped message="the server does not offer X-NOTHING"/>');
  expect(JSON.parse(jsonEnd(outcome))).toMatchObject({ passed: false, skipped: outcome.skipped });
});

test("requires: a server that offers it has to meet the script", async () => {
  await using smtp = await startSmtp();
  const { url: target } = smtp;
  expect(await tryExchange(script("STARTTLS", "STARTTLS"), { target })).not.toHaveProperty("skipped");
  const other = await tryExchange(script("STARTTLS", "X-NOTHING"), { target });
  expect(other.failure).toMatchObject({ at: { line: 7 } });
  expect(other.skipped).toBeUndefined();
  // A part of a word is not the word.
  expect((await tryExchange(script("START", "X-NOTHING"), { target })).skipped).toBeDefined();
});

test("requires: nothing is skipped when nobody was asked, or nobody answers", async () => {
  await using smtp = await startSmtp();
  const early = prepare("requires: X-NOTHING\n(C connects)\nS: 554 no\n", "b.exchange");
  expect((await tryExchange(early, { target: smtp.url })).failure).toBeDefined();
  await smtp.close();
  expect((await tryExchange(script("X-NOTHING", "X"), { target: smtp.url })).failure).toMatchObject({
    kind: "connect",
  });
});
