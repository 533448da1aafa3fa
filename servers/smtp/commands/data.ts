import type { Command } from "../command.ts";
import { DataBody } from "../data-body.ts";
import { Delivery } from "../delivery.ts";
import { fixedReply } from "../reply.ts";

const goAhead = fixedReply(354, "end with a line that is a single dot");

/** RFC 5321 section 4.1.1.4: the message, ended by a line with a single dot. */
export const data: Command = {
  verb: "DATA",
  argument: "none",
  syntax: "DATA",
  run: (session) => {
    const { transaction, options } = session;
    if (!transaction) return session.say(503, "say MAIL and RCPT first", "5.5.1");
    if (transaction.delivery)
      return session.say(503, "the message has begun with BDAT; end it with BDAT LAST", "5.5.1");
    if (transaction.recipients.length === 0) return session.say(503, "no recipient was accepted", "5.5.1");
    // RFC 3030 section 3: lines of a binary message have no meaning.
    if (transaction.sender.parameters["BODY"] === "BINARYMIME")
      return session.say(503, "BODY=BINARYMIME needs BDAT", "5.5.1");
    return session.decide(
      options.onDataStart && (() => options.onDataStart!(session.envelope(), session.record())),
      (accepted) => {
        if (accepted && accepted.code !== 354) return session.reply(accepted);
        const body = new DataBody(new Delivery(session));
        return {
          say: accepted ? session.reply(accepted) : session.sayFixed(goAhead),
          body,
        };
      },
    );
  },
};
