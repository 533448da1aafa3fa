import { setImmediate as breathe } from "node:timers/promises";
import { openSqliteMailbox } from "../../../../servers/smtp/index.ts";
import { answerBench } from "../../child.ts";
import { figureOf } from "../../figure.ts";

/* The default mailbox full of mails that differ, and searches among them. No word is in all of them but the greeting. */

const searches = [
  "word77",
  "word7 word1501",
  '"word77 word154"',
  "from:sender42",
  "subject:word300 -word5",
  "to:ann has:attachment",
  "larger:1k after:2020-01-01",
  "hello",
];

const mails = Number(process.argv[2]);
const mailbox = openSqliteMailbox();
for (let number = 0; number < mails; number += 1) {
  await mailbox.add(mailOf(number));
  if (number % 500 === 0) await breathe();
}
await mailbox.search({ query: "word1" });

answerBench({}, async ({ count }: { count: number }) => {
  const begin = performance.now();
  const medians: number[] = [];
  for (const query of searches) medians.push(await medianOf(count, query));
  return { value: Math.max(...medians), seconds: (performance.now() - begin) / 1_000 };
});

async function medianOf(count: number, query: string): Promise<number> {
  const times: number[] = [];
  while (times.length < count) {
    const begin = performance.now();
    await mailbox.search({ query });
    times.push(performance.now() - begin);
  }
  return figureOf(times).median;
}

function mailOf(number: number): Parameters<typeof mailbox.add>[0] {
  const from = `sender${number % 500}@example.com`;
  const raw = [
    `From: Sender ${number % 500} <${from}>`,
    `To: ann@example.com`,
    `Subject: ${wordsOf(number, 6)}`,
    `Message-ID: <${number}@example.com>`,
    "",
    `Hello, ${wordsOf(number + 7, 40)}`,
    "",
  ].join("\r\n");
  return {
    raw: Buffer.from(raw),
    envelope: { mailFrom: from, parameters: {}, rcptTo: [{ address: "ann@example.com", parameters: {} }] },
    session: {
      connection: 1,
      clientName: "bench.test",
      clientAddress: "127.0.0.1",
      clientPort: 1,
      protocol: "ESMTP",
      flags: [],
      transcript: [],
    },
  };
}

/** The same words for the same number; 5,000 different ones, each in about one mail of a hundred. */
function wordsOf(number: number, count: number): string {
  return Array.from({ length: count }, (_, index) => `word${((number + 1) * (index + 1) * 77) % 5_000}`).join(
    " ",
  );
}
