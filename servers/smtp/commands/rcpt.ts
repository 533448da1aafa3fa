import type { Command } from "../command.ts";
import { refusedParameter } from "../parameters.ts";
import { fixedReply } from "../reply.ts";
import { needsUtf8, parsePathArgument } from "../path.ts";

const recipientOk = fixedReply(250, "recipient ok", "2.1.5");

/** RFC 5321 section 4.1.1.3: one recipient. Repetitions are kept, and so is the case of letters. */
export const rcpt: Command = {
  verb: "RCPT",
  argument: "required",
  syntax: "RCPT TO:<forward-path> [parameters]",
  run: (session, argument) => {
    const { transaction, options } = session;
    if (!transaction) return session.say(503, "say MAIL first", "5.5.1");
    if (transaction.recipients.length >= options.maxRecipients)
      return session.say(452, "too many recipients", "4.5.3");
    const path = parsePathArgument(argument, "TO:");
    if (!path) return session.say(501, "expected RCPT TO:<address>", "5.5.4");
    const odd =
      path.oddity &&
      session.flag(`${path.oddity} in RCPT`, path.oddity === "address without a domain" ? 553 : 501);
    if (odd) return odd;
    const refusal = refusedParameter("RCPT", path.parameters, session);
    if (refusal) return session.reply(refusal);
    if (needsUtf8(path.address) && transaction.sender.parameters["SMTPUTF8"] === undefined) {
      return session.say(553, "an address that is not ASCII needs SMTPUTF8", "5.6.7");
    }
    const recipient = { address: path.address, parameters: path.parameters };
    return session.decide(
      options.onRcptTo && (() => options.onRcptTo!(recipient, session.record())),
      (accepted) => {
        transaction.recipients.push(recipient);
        return accepted ? session.reply(accepted) : session.sayFixed(recipientOk);
      },
    );
  },
};
