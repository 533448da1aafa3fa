import type { BoundAddress, CloseOptions } from "../../wire/listener.ts";
import type { FaultRules } from "../../wire/exchange/fault-rules.ts";
import type { Recorder } from "../../wire/transcript.ts";
import type { Mailbox } from "./mailbox.ts";
import type { ResolvedSmtpOptions } from "./options.ts";

/** What a mail server hands to the engine that speaks for it. */
export interface EngineRoom {
  readonly options: ResolvedSmtpOptions;
  readonly mailbox: Mailbox;
  readonly recorder: Recorder;
  /** What stands between the wire and the sessions. */
  readonly rules: FaultRules;
  /** The password of a user whom the server knows: of `users`, or of an inbox. */
  passwordOf(user: string): string | undefined;
}

/** What speaks SMTP: it listens, hears, and puts mails into the mailbox. One file each in `engines/`. */
export interface Engine extends BoundAddress {
  /** Where TLS begins with the first byte, if there is such a port. */
  readonly smtpsAuthority: string | undefined;
  /** Connections now. */
  readonly connections: number;
  close(options?: CloseOptions): Promise<void>;
}
