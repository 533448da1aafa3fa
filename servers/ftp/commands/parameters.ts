/** How transfers are made: TYPE, STRU, MODE, REST, RANG, ALLO (RFC 959 section 4.1.2, RFC 3659 section 5). */
import type { Command } from "../command.ts";
import { reply } from "../replies.ts";

export const type: Command = {
  verb: "TYPE",
  syntax: "A|I|L 8",
  argument: "required",
  keepsRange: true,
  run: (session, argument) => {
    const [letter = "", second = ""] = argument.toUpperCase().trim().split(/\s+/);
    if (letter === "A" && ["", "N"].includes(second)) session.isAscii = true;
    else if ((letter === "I" && second === "") || (letter === "L" && second === "8")) session.isAscii = false;
    else if (/^[AEIL]$/.test(letter)) return reply(504, "Only A, I and L 8.");
    else return reply(501, "Syntax: TYPE A|I|L 8");
    return reply(200, `Type set to ${session.isAscii ? "A" : "I"}.`);
  },
};

export const stru: Command = {
  verb: "STRU",
  syntax: "F",
  argument: "required",
  run: (_session, structure) => {
    if (/^f$/i.test(structure)) return reply(200, "Structure set to F.");
    return /^[rp]$/i.test(structure) ? reply(504, "Only F.") : reply(501, "Syntax: STRU F");
  },
};

export const mode: Command = {
  verb: "MODE",
  syntax: "S",
  argument: "required",
  run: (_session, mode) => {
    if (/^s$/i.test(mode)) return reply(200, "Mode set to S.");
    return /^[bcz]$/i.test(mode) ? reply(504, "Only S.") : reply(501, "Syntax: MODE S");
  },
};

export const rest: Command = {
  verb: "REST",
  syntax: "<offset>",
  argument: "required",
  keepsRange: true,
  feature: "REST STREAM",
  run: (session, argument) => {
    session.clearRange();
    const offset = parseOffset(argument);
    if (offset === undefined) return reply(501, "Syntax: REST <offset>");
    session.startAt = offset;
    return reply(350, `Restarting at ${offset}.`);
  },
};

export const rang: Command = {
  verb: "RANG",
  syntax: "<first> <last>",
  argument: "required",
  keepsRange: true,
  // draft-bryan-ftp-range
  feature: "RANG STREAM",
  run: (session, argument) => {
    session.clearRange();
    const [first, last, ...more] = argument.trim().split(/\s+/).map(parseOffset);
    if (first === undefined || last === undefined || more.length > 0)
      return reply(501, "Syntax: RANG <first> <last>");
    if (first === 1 && last === 0) return reply(350, "Range reset.");
    if (last < first) return reply(501, "The last byte is before the first.");
    session.startAt = first;
    session.endAt = last + 1;
    return reply(350, `Restarting at ${first}, ending at ${last}.`);
  },
};

/** An offset that a number holds exactly. */
function parseOffset(text: string): number | undefined {
  const offset = /^\d{1,16}$/.test(text.trim()) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(offset) ? offset : undefined;
}

export const allo: Command = {
  verb: "ALLO",
  syntax: "<bytes>",
  argument: "required",
  run: async (session, argument) => {
    const bytes = parseOffset(argument.split(" ")[0] ?? "");
    if (bytes === undefined) return reply(501, "Syntax: ALLO <bytes>");
    const free = await session.files.freeBytes?.();
    return free !== undefined && bytes > free
      ? reply(552, "Not so much space left.")
      : reply(202, "Not needed here.");
  },
};
