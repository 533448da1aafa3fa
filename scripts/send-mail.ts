import { basename } from "node:path";
import { sendMails, type SendMailsOptions } from "../clients/smtp/index.ts";
import { command, main } from "./command-line.ts";
import { CommandError } from "./command-line/flags.ts";
import { readNamedFile } from "./command-line/files.ts";
import { given } from "./command-line/given.ts";
import { type SendMailFlags, sendMailFlags } from "./send-mail/flags.ts";
import { progressBar, worthShowing } from "./send-mail/progress.ts";
import { tallied, told } from "./send-mail/told.ts";

/** `npm run send-mail`: send a mail, once or a thousand times. */
export const sendMailCommand = command({
  name: "send-mail",
  summary: "sends a mail, once or many times, and says what the server answered",
  flags: sendMailFlags,
  examples: [
    'portside send-mail --to ann@example.com --subject Hi --text "Hello Ann"',
    "portside send-mail --to ann@example.com --html welcome.html --attach logo.png --count 1000 --concurrency 10",
  ],
  run: sendAndTell,
});

/** @returns 1 when somebody did not get a mail, else 0 */
async function sendAndTell(flags: SendMailFlags): Promise<number> {
  const mail = await mailOf(flags);
  const { count = 1, quiet } = flags;
  const hasBar = !quiet && count >= worthShowing && process.stderr.isTTY;
  const { sent, errors, tookMs } = await sendMails({
    ...mail,
    ...(hasBar ? { onSettled: progressBar(process.stderr, count) } : {}),
  });
  if (!quiet) {
    const [first] = sent;
    if (count === 1 && first) console.log((await told(first, flags.dashboard)).join("\n"));
    else if (count > 1) {
      const perSecond = Math.round(sent.length / (tookMs / 1_000));
      console.log(`${sent.length} of ${count} sent in ${(tookMs / 1_000).toFixed(2)} s, ${perSecond}/s`);
    }
  }
  const complaints = tallied([
    ...sent.flatMap(({ refused }) => refused.map(({ address, reply }) => `${address} was refused: ${reply}`)),
    ...errors.map(({ message }) => message.replace(/^[A-Z_]+ /, "")),
  ]);
  for (const complaint of complaints) process.stderr.write(`portside send-mail: ${complaint}\n`);
  return complaints.length > 0 ? 1 : 0;
}

async function mailOf(flags: SendMailFlags): Promise<SendMailsOptions> {
  const { to, cc, bcc } = flags;
  if (to.length + cc.length + bcc.length === 0) {
    throw new CommandError("nobody to send to; give --to ann@example.com");
  }
  const html = flags.html === undefined ? undefined : await readNamedFile(flags.html, "--html");
  const ca = flags.ca === undefined ? undefined : await readNamedFile(flags.ca, "--ca");
  const text = flags.text ?? (html === undefined ? "Hello from Portside." : undefined);
  return {
    ...given({
      server: flags.server,
      from: flags.from,
      replyTo: flags.replyTo,
      count: flags.count,
      concurrency: flags.concurrency,
      html: html?.toString(),
      ca: ca?.toString(),
      text,
    }),
    to,
    cc,
    bcc,
    subject: flags.subject ?? "Hello",
    headers: Object.fromEntries(flags.header),
    attachments: await Promise.all(
      flags.attach.map(async (file) => ({
        name: basename(file),
        content: await readNamedFile(file, "--attach"),
      })),
    ),
  };
}

if (import.meta.main) await main(sendMailCommand);
