import type { Dialect } from "../dialect.ts";
import { ReplyDialogue } from "./replies.ts";

/** The control connection of FTP: RFC 959. Data connections are of the dialect `raw`. */
export const ftp: Dialect = {
  name: "ftp",
  schemes: ["ftp", "ftps"],
  kinds: [],
  hasReplies: true,
  foldedPrefix: /^[A-Za-z]+(?![^\s])/,
  open: (isGreeted) =>
    new ReplyDialogue(
      { code, isSecret: (line) => /^(?:PASS|ACCT) +\S/i.test(line), text: withoutTelnet },
      isGreeted,
    ),
  show: (message) => message.text.split("\n"),
};

/** RFC 959 section 4.1.3: a client may put telnet's interrupt signals before ABOR; they are not part of the line. */
function withoutTelnet(line: string): string {
  if (!line.includes("\xff")) return line;
  return line.replaceAll(/\xff[\xfb-\xfe][^]|\xff[\xf0-\xfa]|\xff(?=\xff)/g, "");
}

function code(hundreds: string, verb: string): string {
  const group = /^(?:STOR|STOU|APPE|RETR|LIST|NLST|MLSD|ABOR)$/.test(verb) ? "transfer" : verb;
  return (
    codes[`${hundreds} ${group}`] ??
    { "1": "150", "2": "200", "3": "350", "4": "450", "5": "550" }[hundreds] ??
    `${hundreds}00`
  );
}

const codes: Readonly<Record<string, string>> = {
  "1 ": "120",
  "2 ": "220",
  "2 USER": "230",
  "2 PASS": "230",
  "2 ACCT": "230",
  "2 QUIT": "221",
  "2 SYST": "215",
  "2 HELP": "214",
  "2 FEAT": "211",
  "2 STAT": "211",
  "2 SIZE": "213",
  "2 MDTM": "213",
  "2 AUTH": "234",
  "2 PASV": "227",
  "2 EPSV": "229",
  "2 PWD": "257",
  "2 MKD": "257",
  "2 CWD": "250",
  "2 CDUP": "250",
  "2 DELE": "250",
  "2 RMD": "250",
  "2 RNTO": "250",
  "2 MLST": "250",
  "2 transfer": "226",
  "3 USER": "331",
  "3 PASS": "332",
  "4 ": "421",
  "4 transfer": "425",
  "5 ": "530",
  "5 USER": "530",
  "5 PASS": "530",
};
