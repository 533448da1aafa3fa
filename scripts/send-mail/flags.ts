import type { OptionsOf } from "../command-line.ts";
import { CommandError, positiveNumber, text, toggle, value, values } from "../command-line/flags.ts";

/** The flags of `send-mail`. */
export const sendMailFlags = {
  server: value(
    { argument: "URL", help: "smtp://[user:password@]host:port or smtps://…; default smtp://127.0.0.1:1025" },
    text,
  ),
  from: value({ argument: "ADDRESS", help: "the sender; default portside@example.com" }, text),
  to: values({ argument: "ADDRESS", help: "a recipient, or several with commas", letter: "t" }, text),
  cc: values({ argument: "ADDRESS", help: "a recipient of a copy" }, text),
  bcc: values({ argument: "ADDRESS", help: "a recipient whom no header names" }, text),
  replyTo: value({ argument: "ADDRESS", help: "where answers go" }, text),
  subject: value({ argument: "TEXT", help: "the subject", letter: "s" }, text),
  text: value({ argument: "TEXT", help: "the text; without --html it is a greeting when left out" }, text),
  html: value({ argument: "FILE", help: "a file with the HTML" }, text),
  attach: values({ argument: "FILE", help: "a file to go with it", letter: "a" }, text),
  header: values({ argument: '"Name: value"', help: "another header field" }, header),
  ca: value({ argument: "FILE", help: "an authority to trust, in PEM" }, text),
  count: value({ argument: "N", help: "send it N times; default 1", letter: "n" }, positiveNumber),
  concurrency: value({ argument: "N", help: "over N connections; default 1", letter: "c" }, positiveNumber),
  dashboard: value(
    { argument: "URL", help: "where to look for the link to the mail; default http://127.0.0.1:8025" },
    text,
  ),
  quiet: toggle({ help: "say only what went wrong", letter: "q" }),
} as const;

/** What is to be sent, and where to. */
export type SendMailFlags = OptionsOf<typeof sendMailFlags>;

function header(given: string, name: string): readonly [name: string, value: string] {
  const colon = given.indexOf(":");
  if (colon < 1) throw new CommandError(`${name} is "${given}"; give a name, a colon and a value`);
  return [given.slice(0, colon).trim(), given.slice(colon + 1).trim()];
}
