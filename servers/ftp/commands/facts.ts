/** What is known of a file: SIZE, MDTM, MLST, and AVBL (RFC 3659; draft-peterson-streamlined-ftp-command-extensions). */
import type { Command } from "../command.ts";
import { FileError } from "../file-system.ts";
import { factNames, formatFacts, formatTime } from "../listing.ts";
import { showName } from "../paths.ts";
import { reply } from "../replies.ts";

export const size: Command = {
  verb: "SIZE",
  syntax: "<path>",
  argument: "required",
  feature: "SIZE",
  run: async (session, argument) => {
    const path = session.path(argument, "read");
    // Counting the line ends of a large file would take as long as sending it.
    if (session.isAscii) return reply(550, "SIZE is for TYPE I.");
    const entry = await session.files.stat(path);
    if (entry.type !== "file") throw new FileError("EISDIR", path);
    return reply(213, String(entry.size));
  },
};

export const mdtm: Command = {
  verb: "MDTM",
  syntax: "<path>",
  argument: "required",
  feature: "MDTM",
  run: async (session, argument) => {
    const entry = await session.files.stat(session.path(argument, "read"));
    return reply(213, formatTime(entry.modifiedMs));
  },
};

export const mlst: Command = {
  verb: "MLST",
  syntax: "[<path>]",
  argument: "optional",
  feature: (session) =>
    `MLST ${factNames.map((fact) => `${fact}${session.facts.includes(fact) ? "*" : ""};`).join("")}`,
  run: async (session, argument) => {
    const path = session.path(argument, "read");
    const entry = await session.files.stat(path);
    const facts = formatFacts(entry, session.facts, { isWritable: session.may("write", path) }, path);
    return reply(250, `Listing ${showName(path)}`, facts, "End");
  },
};

export const avbl: Command = {
  verb: "AVBL",
  syntax: "[<path>]",
  argument: "optional",
  feature: "AVBL",
  run: async (session) => {
    const free = await session.files.freeBytes?.();
    if (free === undefined) return reply(550, "Not known here.");
    return reply(213, String(Number.isFinite(free) ? free : Number.MAX_SAFE_INTEGER));
  },
};
