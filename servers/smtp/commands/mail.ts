import type { Command } from "../command.ts";
import { fixedReply } from "../reply.ts";
import { needsUtf8, parsePathArgument } from "../path.ts";
import { refusedParameter } from "../parameters.ts";

const senderOk = fixedReply(250, "sender ok", "2.1.0");

/** RFC 5321 section 4.1.1.2: the sender, and the beginning of a transaction. */
export const mail: Command = {
  verb: "MAIL",
  argument: "required",
  syntax: "MAIL FROM:<reverse-path> [parameters]",
  run: (session, argument) => {
    if (!session.isGreeted) return session.say(503, "say EHLO or HELO first", "5.5.1");
    if (session.transaction) return session.say(503, "a transaction is under way; RSET ends it", "5.5.1");
    if (session.options.requireAuth && !session.user)
      return session.say(530, "authentication required", "5.7.0");
    const path = parsePathArgument(argument, "FROM:");
    if (!path) return session.say(501, "expected MAIL FROM:<address>", "5.5.4");
    const odd =
      path.oddity &&
      session.flag(`${path.oddity} in MAIL`, path.oddity === "address without a domain" ? 553 : 501);
    if (odd) return odd;
    const refusal = refusedParameter("MAIL", path.parameters, session);
    if (refusal) return session.reply(refusal);
    if (needsUtf8(path.address) && path.parameters["SMTPUTF8"] === undefined) {
      return session.say(553, "an address that is not ASCII needs SMTPUTF8", "5.6.7");
    }
    const sender = { address: path.address, parameters: path.parameters };
    return session.decide(
      session.options.onMailFrom && (() => session.options.onMailFrom!(sender, session.record())),
      (accepted) => {
        session.beginTransaction(sender);
        return accepted ? session.reply(accepted) : session.sayFixed(senderOk);
      },
    );
  },
};
