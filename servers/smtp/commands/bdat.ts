import type { BodyReader, Turn } from "../../../wire/session.ts";
import type { Command } from "../command.ts";
import { Delivery } from "../delivery.ts";
import type { Reply } from "../reply.ts";
import { refuse } from "../reply.ts";
import type { SmtpSession } from "../session.ts";

/** RFC 3030 section 2: a chunk of the message, counted. A refused chunk is consumed all the same. */
export const bdat: Command = {
  verb: "BDAT",
  argument: "required",
  syntax: "BDAT size [LAST]",
  run: (session, argument) => {
    const match = /^(\d{1,15})(?:\s+(LAST))?$/i.exec(argument);
    if (!match) return session.say(501, "expected BDAT size [LAST]", "5.5.4");
    const size = Number(match[1]);
    const isLast = match[2] !== undefined;
    const refusal = refusalOf(session);
    if (refusal) return { body: new Chunk(size, undefined, () => session.reply(refusal)) };
    const transaction = session.transaction!;
    const begin = (delivery: Delivery): Turn => ({
      body: new Chunk(size, delivery, () => {
        if (isLast) return delivery.finish(false);
        return delivery.isTooLarge
          ? session.reply(delivery.tooLarge())
          : session.say(250, `${size} bytes received`, "2.0.0");
      }),
    });
    if (transaction.delivery) return begin(transaction.delivery);
    return session.decide(
      session.options.onDataStart &&
        (() => session.options.onDataStart!(session.envelope(), session.record())),
      () => begin((transaction.delivery = new Delivery(session))),
      (refused) => ({ body: new Chunk(size, undefined, () => session.reply(refused)) }),
    );
  },
};

function refusalOf(session: SmtpSession): Reply | undefined {
  if (!session.offers("CHUNKING")) return refuse(502, "CHUNKING is not offered", "5.5.1");
  if (!session.transaction) return refuse(503, "say MAIL and RCPT first", "5.5.1");
  return session.transaction.recipients.length === 0
    ? refuse(503, "no recipient was accepted", "5.5.1")
    : undefined;
}

class Chunk implements BodyReader {
  readonly endText = "";
  readonly finish: () => Turn | Promise<Turn>;
  readonly #delivery: Delivery | undefined;
  #left: number;

  constructor(size: number, delivery: Delivery | undefined, finish: () => Turn | Promise<Turn>) {
    this.#left = size;
    this.#delivery = delivery;
    this.finish = finish;
  }

  get isComplete(): boolean {
    return this.#left === 0;
  }

  get ready(): Promise<void> | undefined {
    return this.#delivery?.ready;
  }

  take(bytes: Buffer): number {
    const taken = Math.min(bytes.length, this.#left);
    this.#left -= taken;
    this.#delivery?.write(bytes.subarray(0, taken));
    return taken;
  }

  abort(): void {
    this.#delivery?.abort();
  }
}
