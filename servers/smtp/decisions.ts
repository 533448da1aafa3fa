import type { Envelope, Recipient, EsmtpParameters, SessionRecord } from "./mailbox.ts";
import type { Mechanism } from "./options.ts";
import type { Reply } from "./reply.ts";

/** What a callback decides: nothing accepts, a reply is given as it is (its code says whether it accepts). */
export type Decision = Reply | undefined | void;

/** Callbacks for decisions. One that throws, rejects or takes too long is answered 451, and the session goes on. */
export interface Decisions {
  /** Somebody connected. A 4xx or 5xx is the greeting they get, and the end. @default accept */
  readonly onConnect?: (session: SessionView) => Decision | Promise<Decision>;
  /** Somebody logs in. @default compare with `users`; without `users`, accept */
  readonly onAuth?: (login: Login, session: SessionView) => Decision | Promise<Decision>;
  /** `MAIL FROM`. @default accept */
  readonly onMailFrom?: (sender: Sender, session: SessionView) => Decision | Promise<Decision>;
  /** `RCPT TO`. @default accept */
  readonly onRcptTo?: (recipient: Recipient, session: SessionView) => Decision | Promise<Decision>;
  /** `DATA` or the first `BDAT`, before the message is sent: a refusal is the reply to the command itself. @default accept */
  readonly onDataStart?: (envelope: Envelope, session: SessionView) => Decision | Promise<Decision>;
  /**
   * The message is on its way; `content` gives its bytes as they come, and the sender waits when they are read slowly.
   * It need not be read. A refusal is the reply after the final dot. @default accept
   */
  readonly onData?: (message: MessageView, session: SessionView) => Decision | Promise<Decision>;
  /** `VRFY` (RFC 5321 section 3.5). @default 252 */
  readonly onVrfy?: (address: string, session: SessionView) => Decision | Promise<Decision>;
  /** `EXPN`. @default 252 */
  readonly onExpn?: (list: string, session: SessionView) => Decision | Promise<Decision>;
}

/** What a decision can see of the session; the transcript is that of the whole connection so far. */
export type SessionView = SessionRecord;

export interface Sender {
  readonly address: string;
  readonly parameters: EsmtpParameters;
}

export interface Login {
  readonly mechanism: Mechanism;
  readonly user: string;
  /** The password, or the bearer token. With CRAM-MD5 and SCRAM it never crosses the wire: compare with `verify`. */
  readonly password: string | undefined;
  /** Whether this is the password that the client knows. */
  verify(password: string): boolean;
}

export interface MessageView {
  readonly envelope: Envelope;
  readonly content: AsyncIterable<Uint8Array>;
}
