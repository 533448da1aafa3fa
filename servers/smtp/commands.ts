import type { Command } from "./command.ts";
import { auth } from "./commands/auth.ts";
import { bdat } from "./commands/bdat.ts";
import { data } from "./commands/data.ts";
import { ehlo, helo, lhlo } from "./commands/ehlo.ts";
import { expn, help, noop, quit, rset, vrfy } from "./commands/housekeeping.ts";
import { mail } from "./commands/mail.ts";
import { rcpt } from "./commands/rcpt.ts";
import { starttls } from "./commands/starttls.ts";

/** Every verb the server knows; HELP lists them. */
const all: readonly Command[] = [
  ehlo,
  helo,
  lhlo,
  mail,
  rcpt,
  data,
  bdat,
  rset,
  noop,
  quit,
  vrfy,
  expn,
  help(() => all),
  starttls,
  auth,
];

/** The commands by verb. */
export const commands: ReadonlyMap<string, Command> = new Map(all.map((command) => [command.verb, command]));
