import type { Turn } from "../../wire/session.ts";
import type { SmtpSession } from "./session.ts";

/** One verb of the protocol. */
export interface Command {
  readonly verb: string;
  /** Whether words may, must or must not stand behind the verb (501 otherwise). */
  readonly argument: "none" | "optional" | "required";
  /** How it is written, for HELP. */
  readonly syntax: string;
  /** Whether it may be said before TLS when TLS is required (RFC 3207 section 4). */
  readonly isAllowedInClear?: true;
  run(session: SmtpSession, argument: string): Turn | Promise<Turn>;
}
