import type { Dialect } from "../dialect.ts";
import { ReplyDialogue } from "./replies.ts";

/** Mail submission and transport: RFC 5321, with the bodies of DATA and of BDAT (RFC 3030). */
export const smtp: Dialect = {
  name: "smtp",
  schemes: ["smtp", "smtps"],
  kinds: [],
  hasReplies: true,
  // RFC 5321 section 2.4: verbs and these keywords have no case; what follows may.
  foldedPrefix: /^(?:MAIL FROM:|RCPT TO:|[A-Za-z]+(?![^\s]))/i,
  open: (isGreeted) =>
    new ReplyDialogue({ code, isSecret: (line) => /^AUTH +\S+ +\S/i.test(line) }, isGreeted),
  show: (message) => message.text.split("\n"),
};

function code(hundreds: string, verb: string): string {
  return (
    codes[`${hundreds} ${verb}`] ??
    { "2": "250", "3": "354", "4": "450", "5": "550" }[hundreds] ??
    `${hundreds}00`
  );
}

const codes: Readonly<Record<string, string>> = {
  "2 ": "220",
  "2 STARTTLS": "220",
  "2 QUIT": "221",
  "2 HELP": "214",
  "2 AUTH": "235",
  "2 VRFY": "252",
  "3 AUTH": "334",
  "4 ": "421",
  "4 AUTH": "454",
  "4 STARTTLS": "454",
  "5 ": "554",
  "5 AUTH": "535",
  "5 EHLO": "502",
  "5 DATA": "554",
  "5 .": "554",
};
