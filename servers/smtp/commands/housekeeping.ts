import type { Command } from "../command.ts";

/** RFC 5321 sections 4.1.1.5 to 4.1.1.10. */
export const rset: Command = {
  verb: "RSET",
  argument: "none",
  syntax: "RSET",
  run: (session) => {
    session.endTransaction();
    return session.say(250, "ok", "2.0.0");
  },
};

export const noop: Command = {
  verb: "NOOP",
  argument: "optional",
  syntax: "NOOP [text]",
  isAllowedInClear: true,
  run: (session) => session.say(250, "ok", "2.0.0"),
};

export const quit: Command = {
  verb: "QUIT",
  argument: "none",
  syntax: "QUIT",
  isAllowedInClear: true,
  run: (session) => ({
    say: session.say(221, `${session.options.hostname} says goodbye`, "2.0.0"),
    end: true,
    isLast: true,
  }),
};

export const vrfy: Command = {
  verb: "VRFY",
  argument: "required",
  syntax: "VRFY address",
  run: (session, address) =>
    session.decide(
      session.options.onVrfy && (() => session.options.onVrfy!(address, session.record())),
      (decided) =>
        session.reply(
          decided ?? { code: 252, text: "not verified, but a message will be taken", enhancedCode: "2.1.5" },
        ),
    ),
};

export const expn: Command = {
  verb: "EXPN",
  argument: "required",
  syntax: "EXPN list",
  run: (session, list) =>
    session.decide(
      session.options.onExpn && (() => session.options.onExpn!(list, session.record())),
      (decided) =>
        session.reply(
          decided ?? { code: 252, text: "not expanded, but a message will be taken", enhancedCode: "2.1.5" },
        ),
    ),
};

/** @param all every command, to be listed */
export function help(all: () => readonly Command[]): Command {
  return {
    verb: "HELP",
    argument: "optional",
    syntax: "HELP [verb]",
    run: (session, verb) => {
      const known = all().filter((command) => verb === "" || command.verb === verb.toUpperCase());
      if (known.length === 0) return session.say(504, `nothing is known of ${verb}`, "5.5.4");
      return session.say(214, ["commands:", ...known.map((command) => command.syntax)], "2.0.0");
    },
  };
}
