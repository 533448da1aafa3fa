/** What the server is and can: SYST, FEAT, OPTS, HELP, HOST, CLNT, LANG (RFC 959, 2389, 2640, 7151). */
import type { Answer, Command } from "../command.ts";
import { factNames } from "../listing.ts";
import { reply } from "../replies.ts";
import type { FtpSession } from "../session.ts";
import { hashNames } from "./hash.ts";

export const syst: Command = {
  verb: "SYST",
  syntax: "",
  argument: "forbidden",
  isForEverybody: true,
  run: () => reply(215, "UNIX Type: L8"),
};

export const feat: Command = {
  verb: "FEAT",
  syntax: "",
  argument: "forbidden",
  isForEverybody: true,
  run: (session) => {
    const features = [...session.house.commands.values()]
      .map(({ feature }) => (typeof feature === "function" ? feature(session) : feature))
      .filter((feature) => feature !== undefined);
    return reply(211, "Features:", ...features, "TVFS", "UTF8", "End");
  },
};

export const opts: Command = {
  verb: "OPTS",
  syntax: "<command> <options>",
  argument: "required",
  isForEverybody: true,
  run: (session, argument) => {
    const [name = "", ...values] = argument.trim().split(/\s+/);
    const value = values.join(" ");
    switch (name.toUpperCase()) {
      case "UTF8":
      case "UTF-8":
        return /^off$/i.test(value) ? reply(504, "Names are always UTF-8.") : reply(200, "UTF8 is on.");
      case "MLST":
        return chooseFacts(session, value);
      case "HASH":
        return chooseHash(session, value.toUpperCase());
      default:
        return reply(501, "Nothing to set there.");
    }
  },
};

/** RFC 3659 section 7.9: those that are known of those that were asked for; none asked for, none sent. */
function chooseFacts(session: FtpSession, value: string): Answer {
  const asked = new Set(value.toLowerCase().split(";"));
  session.facts = factNames.filter((fact) => asked.has(fact));
  return reply(200, `MLST OPTS ${session.facts.map((fact) => `${fact};`).join("")}`.trim());
}

function chooseHash(session: FtpSession, name: string): Answer {
  if (name !== "" && !(name in hashNames)) return reply(501, "Unknown algorithm.");
  if (name !== "") session.hashName = name;
  return reply(200, session.hashName);
}

export const help: Command = {
  verb: "HELP",
  syntax: "[<command>]",
  argument: "optional",
  isForEverybody: true,
  run: (session, argument) => {
    const { commands } = session.house;
    if (argument === "") {
      const rows = Array.from({ length: Math.ceil(commands.size / 8) }, (_, row) =>
        [...commands.keys()]
          .toSorted()
          .slice(row * 8, row * 8 + 8)
          .map((verb) => verb.padEnd(8))
          .join("")
          .trimEnd(),
      );
      return reply(214, "The following commands are recognized:", ...rows, "Help OK.");
    }
    const command = commands.get(argument.trim().toUpperCase());
    return command
      ? reply(214, `Syntax: ${command.verb} ${command.syntax}`.trimEnd())
      : reply(502, "Unknown command.");
  },
};

export const host: Command = {
  verb: "HOST",
  syntax: "<name>",
  argument: "required",
  isForEverybody: true,
  feature: "HOST",
  run: (session) =>
    // RFC 7151 section 3.3: after the login it is too late.
    session.user ? reply(503, "HOST is for before the login.") : reply(220, "One server for every name."),
};

export const clnt: Command = {
  verb: "CLNT",
  syntax: "<name>",
  argument: "optional",
  isForEverybody: true,
  feature: "CLNT",
  run: () => reply(200, "Noted."),
};

export const lang: Command = {
  verb: "LANG",
  syntax: "[<tag>]",
  argument: "optional",
  feature: "LANG EN*",
  run: (_session, tag) =>
    tag === "" || /^en(-|$)/i.test(tag) ? reply(200, "Replies are in English.") : reply(504, "Only English."),
};
