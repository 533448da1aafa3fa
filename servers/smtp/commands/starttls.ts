import type { Command } from "../command.ts";

/** RFC 3207. What the session learned in clear is forgotten, and bytes sent behind the command are never heard. */
export const starttls: Command = {
  verb: "STARTTLS",
  argument: "none",
  syntax: "STARTTLS",
  isAllowedInClear: true,
  run: (session) => {
    if (session.hasTls) return session.say(503, "TLS is active already", "5.5.1");
    if (!session.options.capabilities.includes("STARTTLS"))
      return session.say(502, "STARTTLS is not offered", "5.5.1");
    return { say: session.say(220, "ready to start TLS", "2.0.0"), startTls: true };
  },
};
