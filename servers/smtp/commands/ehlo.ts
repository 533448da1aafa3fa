import type { Turn } from "../../../wire/session.ts";
import type { Command } from "../command.ts";
import type { ResolvedSmtpOptions } from "../options.ts";
import type { SmtpSession } from "../session.ts";

/** RFC 5321 section 4.1.1.1; RFC 2033 section 4.1 for LHLO. Each of them ends a transaction (section 4.1.4). */
export const ehlo: Command = {
  verb: "EHLO",
  argument: "required",
  syntax: "EHLO domain",
  isAllowedInClear: true,
  run: (session, domain) => greetExtended(session, "EHLO", domain),
};

export const lhlo: Command = {
  verb: "LHLO",
  argument: "required",
  syntax: "LHLO domain",
  isAllowedInClear: true,
  run: (session, domain) => greetExtended(session, "LHLO", domain),
};

export const helo: Command = {
  verb: "HELO",
  argument: "required",
  syntax: "HELO domain",
  isAllowedInClear: true,
  run: (session, domain) => {
    session.begin("HELO", domain);
    return session.say(250, `${session.options.hostname} greets ${domain}`);
  },
};

function greetExtended(session: SmtpSession, verb: "EHLO" | "LHLO", domain: string): Turn {
  session.begin(verb, domain);
  return session.say(250, [`${session.options.hostname} greets ${domain}`, ...offered(session)]);
}

/** What the servers of this process offer, in clear and under TLS; printed once, as every connection asks for it. */
const offers = new WeakMap<ResolvedSmtpOptions, { clear?: readonly string[]; secure?: readonly string[] }>();

/** The lines behind the first: what this session can use now. */
function offered(session: SmtpSession): readonly string[] {
  const { options, hasTls } = session;
  let known = offers.get(options);
  if (!known) offers.set(options, (known = {}));
  return hasTls ? (known.secure ??= listed(session)) : (known.clear ??= listed(session));
}

function listed(session: SmtpSession): string[] {
  const { options, hasTls } = session;
  return options.capabilities.flatMap((capability) => {
    switch (capability) {
      case "SIZE":
        return [`SIZE ${options.maxMessageBytes}`];
      case "LIMITS":
        return [`LIMITS RCPTMAX=${options.maxRecipients}`];
      case "STARTTLS":
        return hasTls ? [] : ["STARTTLS"];
      case "AUTH":
        return session.canAuthenticate ? [`AUTH ${session.mechanisms.join(" ")}`] : [];
      // RFC 8689 section 2: never offered in clear.
      case "REQUIRETLS":
        return hasTls ? ["REQUIRETLS"] : [];
      default:
        return [capability];
    }
  });
}
