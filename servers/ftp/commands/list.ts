/** Listings over a data connection: LIST, NLST, MLSD (RFC 959 section 4.1.3, RFC 3659 section 7). */
import type { Socket } from "node:net";
import type { Answer, Command } from "../command.ts";
import { FileError, toFileError } from "../file-system.ts";
import type { FileEntry } from "../file-system.ts";
import { formatFacts, formatListLine } from "../listing.ts";
import { isPattern, matchesPattern } from "../patterns.ts";
import { joinPath, nameOf, parentOf, showName } from "../paths.ts";
import { finishSending, send } from "../pump.ts";
import type { Meter } from "../pump.ts";
import { reply } from "../replies.ts";
import type { FtpSession } from "../session.ts";
import { carryOut } from "../transfer.ts";
import type { OpenTransfer } from "../transfer.ts";

/** So much text is gathered before it is sent. */
const batchCharacters = 128 * 1024;

export const list: Command = {
  verb: "LIST",
  syntax: "[<path>]",
  argument: "optional",
  run: (session, argument) => {
    const nowMs = Date.now();
    return sendListing(session, withoutFlags(argument), (entry) => formatListLine(entry, nowMs));
  },
};

export const nlst: Command = {
  verb: "NLST",
  syntax: "[<path>]",
  argument: "optional",
  run: (session, argument) => {
    const missing = reply(450, "No such file or directory.");
    // RFC 1123 section 4.1.2.7: names that can be used as they are, so the folder that was asked for stands before them.
    return sendListing(
      session,
      withoutFlags(argument),
      (entry, prefix) => showName(prefix + entry.name),
      missing,
    );
  },
};

export const mlsd: Command = {
  verb: "MLSD",
  syntax: "[<path>]",
  argument: "optional",
  run: (session, argument) => {
    const path = session.path(argument, "read");
    // Without rules by path every entry has the same rights.
    const access = { isWritable: session.may("write", path) };
    const line = (entry: FileEntry): string =>
      formatFacts(
        entry,
        session.facts,
        session.user?.permissions ? { isWritable: session.may("write", joinPath(path, entry.name)) } : access,
      );
    return carryOut(session, {
      open: async () => {
        const entry = await session.files.stat(path);
        // RFC 3659 section 7.2.1: the name of a file is an error here.
        if (entry.type !== "folder") return reply(501, "Not a directory; use MLST.");
        return listing(session, path, { entries: await session.files.list(path), prefix: "" }, line);
      },
    });
  },
};

/** `-a -l` and the like are for programs that think of `ls`; `--` ends them. */
export function withoutFlags(argument: string): string {
  const flags = /^(?:-[^\s-]\S*(?:\s+|$))*(?:--(?:\s+|$))?/.exec(argument);
  return argument.slice(flags?.[0].length ?? 0);
}

type Line = (entry: FileEntry, prefix: string) => string;

function sendListing(session: FtpSession, argument: string, line: Line, missing?: Answer): Promise<Answer> {
  const path = session.path(argument, "read");
  return carryOut(session, {
    open: async () => {
      try {
        return listing(session, path, await find(session, path, argument), line);
      } catch (error) {
        if (missing && toFileError(error, path).code === "ENOENT") return missing;
        throw error;
      }
    },
  });
}

/** Entries, and what the client's argument puts before their names. */
interface Found {
  readonly entries: Iterable<FileEntry> | AsyncIterable<FileEntry>;
  readonly prefix: string;
}

/** What an argument shows: a folder's content, a file, or what fits a pattern in its last name. */
export async function find(session: FtpSession, path: string, argument: string): Promise<Found> {
  const prefix = argument.slice(0, argument.lastIndexOf("/") + 1);
  try {
    const entry = await session.files.stat(path);
    if (entry.type !== "folder") return { entries: [entry], prefix };
    const isBare = argument === "" || argument.endsWith("/");
    return { entries: await session.files.list(path), prefix: isBare ? argument : `${argument}/` };
  } catch (error) {
    const isPlain = !isPattern(nameOf(path)) || argument.endsWith("/");
    if (isPlain || toFileError(error, path).code !== "ENOENT") throw error;
    return { entries: await matching(session, path), prefix };
  }
}

async function matching(session: FtpSession, path: string): Promise<FileEntry[]> {
  const pattern = nameOf(path);
  const entries: FileEntry[] = [];
  for await (const entry of await session.files.list(parentOf(path))) {
    if (matchesPattern(pattern, entry.name)) entries.push(entry);
  }
  if (entries.length === 0) throw new FileError("ENOENT", path);
  return entries;
}

function listing(session: FtpSession, path: string, { entries, prefix }: Found, line: Line): OpenTransfer {
  let count = 0;
  const move = async (socket: Socket, meter: Meter): Promise<void> => {
    let text = "";
    const add = (entry: FileEntry): boolean => {
      count += 1;
      text += `${line(entry, prefix)}\r\n`;
      return text.length >= batchCharacters;
    };
    const flush = async (): Promise<void> => {
      const batch = text;
      text = "";
      await send(socket, batch, meter);
    };
    // Waiting for each of 10,000 entries that are there already would take longer than listing them.
    if (Symbol.iterator in entries) {
      for (const entry of entries) if (add(entry)) await flush();
    } else {
      for await (const entry of entries) if (add(entry)) await flush();
    }
    if (text !== "") await flush();
    await finishSending(socket);
  };
  return {
    opening: "Here comes the directory listing.",
    move,
    finish: () => {
      session.tell({ type: "list", path: session.fullPath(path), entries: count });
      return "Directory send OK.";
    },
    abort: () => undefined,
  };
}
