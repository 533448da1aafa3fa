/** Changing what is known of a file: MFMT, MFF (draft-somers-ftp-mfxx), SITE CHMOD, UTIME, HELP. */
import type { Answer, Command } from "../command.ts";
import { formatTime, parseTime } from "../listing.ts";
import { showName } from "../paths.ts";
import { reply } from "../replies.ts";
import type { FtpSession } from "../session.ts";

export const mfmt: Command = {
  verb: "MFMT",
  syntax: "<YYYYMMDDHHMMSS> <path>",
  argument: "required",
  feature: "MFMT",
  run: async (session, argument) => {
    const blank = argument.indexOf(" ");
    const timeMs = parseTime(argument.slice(0, blank));
    if (timeMs === undefined) return reply(501, "Syntax: MFMT YYYYMMDDHHMMSS <path>");
    const name = argument.slice(blank + 1);
    await setModified(session, name, timeMs);
    return reply(213, `Modify=${formatTime(timeMs)}; ${showName(name)}`);
  },
};

async function setModified(session: FtpSession, argument: string, timeMs: number): Promise<void> {
  const path = session.path(argument, "write");
  await session.files.setModified(path, timeMs);
  session.tell({ type: "change", path: session.fullPath(path) });
}

async function setMode(session: FtpSession, argument: string, digits: string): Promise<boolean> {
  const path = session.path(argument, "write");
  if (!session.files.setMode || !/^[0-7]{3,4}$/.test(digits)) return false;
  await session.files.setMode(path, Number.parseInt(digits, 8) & 0o777);
  session.tell({ type: "change", path: session.fullPath(path) });
  return true;
}

export const mff: Command = {
  verb: "MFF",
  syntax: "<fact>=<value>;… <path>",
  argument: "required",
  feature: "MFF modify;unix.mode;",
  run: async (session, argument) => {
    const match = /^((?:[a-z.]+=[^;]*;)+) (.+)$/i.exec(argument);
    if (!match) return reply(501, "Syntax: MFF <fact>=<value>; <path>");
    const [, facts = "", name = ""] = match;
    for (const fact of facts.slice(0, -1).split(";")) {
      const [key = "", value = ""] = fact.toLowerCase().split("=");
      const timeMs = key === "modify" ? parseTime(value) : undefined;
      if (timeMs !== undefined) await setModified(session, name, timeMs);
      else if (key !== "unix.mode" || !(await setMode(session, name, value))) {
        return reply(key === "modify" ? 501 : 504, `Cannot set ${showName(fact)}.`);
      }
    }
    return reply(213, `${facts} ${showName(name)}`);
  },
};

/** What SITE can do, by its second word. */
const siteCommands: Readonly<
  Record<string, (session: FtpSession, rest: string) => Promise<Answer> | Answer>
> = {
  CHMOD: async (session, rest) => {
    const [, digits = "", name = ""] = /^(\d+) (.+)$/.exec(rest) ?? [];
    if (name === "") return reply(501, "Syntax: SITE CHMOD <mode> <path>");
    if (!(await setMode(session, name, digits))) return reply(504, "This mode cannot be set here.");
    return reply(200, "Mode changed.");
  },
  // Two forms are about: `SITE UTIME YYYYMMDDhhmm[ss] path` and `SITE UTIME path atime mtime ctime UTC`.
  UTIME: async (session, rest) => {
    const long = /^(.+) (\d{12,14}) (\d{12,14}) (\d{12,14}) UTC$/.exec(rest);
    const short = /^(\d{12,14}) (.+)$/.exec(rest);
    const timeMs = parseTime(long?.[3] ?? short?.[1] ?? "");
    if (timeMs === undefined) return reply(501, "Syntax: SITE UTIME YYYYMMDDhhmmss <path>");
    await setModified(session, long?.[1] ?? short?.[2] ?? "", timeMs);
    return reply(200, "Time changed.");
  },
  HELP: () =>
    reply(214, "SITE commands:", "CHMOD <mode> <path>", "UTIME <YYYYMMDDhhmmss> <path>", "HELP", "End"),
};

export const site: Command = {
  verb: "SITE",
  syntax: "CHMOD|UTIME|HELP …",
  argument: "required",
  run: (session, argument) => {
    const blank = argument.indexOf(" ");
    const word = blank === -1 ? argument : argument.slice(0, blank);
    const command = siteCommands[word.toUpperCase()];
    return command
      ? command(session, blank === -1 ? "" : argument.slice(blank + 1))
      : reply(504, "Unknown SITE command.");
  },
};
