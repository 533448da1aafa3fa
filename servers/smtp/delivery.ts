import type { Turn } from "../../wire/session.ts";
import { contentFlags } from "./content-flags.ts";
import type { Decision } from "./decisions.ts";
import { DeliveredSession } from "./delivered-session.ts";
import type { Envelope, IncomingMail, StoredMail } from "./mailbox.ts";
import { MessageStream } from "./message-stream.ts";
import { type Reply, refuse } from "./reply.ts";
import type { SmtpSession } from "./session.ts";

/** One message on its way from the wire into the mailbox, by DATA or by BDAT. */
export class Delivery {
  readonly #session: SmtpSession;
  readonly #envelope: Envelope;
  readonly #stream: MessageStream | undefined;
  readonly #decision: Promise<Decision> | undefined;
  #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(session: SmtpSession) {
    this.#session = session;
    this.#envelope = session.envelope();
    const { onData } = session.options;
    if (!onData) return;
    this.#stream = new MessageStream();
    const view = { envelope: this.#envelope, content: this.#stream };
    // Called before the message has come, answered after; a rejection is looked at in finish().
    this.#decision = Promise.resolve().then(() => onData(view, session.record()));
    this.#decision.catch(() => {});
  }

  get isTooLarge(): boolean {
    return this.#bytes > this.#session.options.maxMessageBytes;
  }

  /** When the callback reads slowly: resolved when it can take more. */
  get ready(): Promise<void> | undefined {
    return this.#stream?.ready;
  }

  write(content: Buffer): void {
    this.#bytes += content.length;
    // What is too large is counted to its end, but not kept.
    if (this.isTooLarge) this.#drop("the message is too large");
    else {
      this.#chunks.push(content);
      this.#stream?.push(content);
    }
  }

  /** There will be no end of the message, or a rule has refused it there. */
  abort(): void {
    this.#drop("the message was broken off");
    this.#session.endTransaction();
  }

  /** The whole message is there: decide, keep, answer. */
  finish(hasUnstuffedDot: boolean): Turn | Promise<Turn> {
    const session = this.#session;
    this.#stream?.end();
    if (hasUnstuffedDot) session.note("a line began with a dot that was not doubled");
    if (this.isTooLarge) return this.#end(this.tooLarge());
    const raw = this.#whole();
    const mail: IncomingMail = {
      raw,
      envelope: this.#envelope,
      session: new DeliveredSession(session.record(), raw, this.#envelope),
    };
    if (session.options.strict) {
      const flag =
        contentFlags(raw, this.#envelope)[0] ??
        (hasUnstuffedDot ? "a line began with a dot that was not doubled" : undefined);
      if (flag !== undefined) return this.#end(refuse(550, flag, "5.6.0"));
    }
    if (!this.#decision) return this.#keep(mail, undefined);
    return session.decide(
      () => this.#decision,
      (accepted) => this.#keep(mail, accepted),
      (refused) => this.#end(refused),
    );
  }

  tooLarge(): Reply {
    return refuse(552, `the message is larger than ${this.#session.options.maxMessageBytes} bytes`, "5.3.4");
  }

  /** The chunks as one; they are gone then. */
  #whole(): Buffer {
    const chunks = this.#chunks;
    // Let go of at once: this object is old by now, and what it holds would wait for the next great collection.
    this.#chunks = [];
    if (chunks.length === 1) return chunks[0]!;
    const raw = Buffer.concat(chunks);
    // A callback's reader may look at them later.
    if (!this.#stream) for (const chunk of chunks.slice(1, -1)) free(chunk);
    return raw;
  }

  #drop(why: string): void {
    this.#chunks = [];
    this.#stream?.fail(new Error(why));
  }

  #keep(mail: IncomingMail, accepted: Reply | undefined): Turn | Promise<Turn> {
    const kept = this.#session.mailbox.add(mail);
    const answer = (stored: StoredMail): Turn =>
      this.#end(accepted ?? { code: 250, text: `queued as ${stored.id}`, enhancedCode: "2.0.0" });
    return kept instanceof Promise ? kept.then(answer) : answer(kept);
  }

  /** The reply after the message; with LMTP one for each recipient (RFC 2033 section 4.2). */
  #end(reply: Reply): Turn {
    const replies = this.#session.isLmtp ? this.#envelope.rcptTo.length : 1;
    this.#session.endTransaction();
    return this.#session.reply(reply).repeat(replies);
  }
}

/**
 * Give the memory of a chunk back now, without waiting for a collection: mails of 1 MB bring 2 MB of it each, and half
 * of all collections. Only where the chunk is all that is in its memory; the first and the last chunk of a message share
 * theirs with the commands around it.
 */
function free({ buffer, byteLength }: Buffer): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}
