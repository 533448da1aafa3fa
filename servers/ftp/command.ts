import type { Awaitable } from "./file-system.ts";
import type { Reply } from "./replies.ts";
import type { FtpSession } from "./session.ts";

/** A reply, and what becomes of the connection after it. */
export interface Answer extends Reply {
  /** Said behind it: the replies to commands that were heard meanwhile. */
  readonly followedBy?: readonly Answer[];
  /** Then a TLS handshake on the control connection. */
  readonly startTls?: true;
  /** Then the control connection leaves TLS and goes on in clear. */
  readonly endTls?: true;
  /** Then the connection ends. */
  readonly end?: true;
  /** The client asked for the end and says nothing more, so nobody waits for its FIN. */
  readonly isLast?: true;
}

/** A command of the control connection: one object, one file or a small family in a file. HELP and FEAT read this. */
export interface Command {
  /** `STOR`; upper case. */
  readonly verb: string;
  /** What stands behind the verb in HELP: `<path>`, `[<path>]`, or nothing. */
  readonly syntax: string;
  /** `required`: 501 without one; `forbidden`: 501 with one. */
  readonly argument: "required" | "optional" | "forbidden";
  /** Whether it works before the login. */
  readonly isForEverybody?: boolean;
  /** Whether it is heard while a transfer runs. */
  readonly isUrgent?: boolean;
  /** Whether the offset of REST and the bytes of RANG survive it. */
  readonly keepsRange?: boolean;
  /** The line of FEAT (RFC 2389), or how to make it. */
  readonly feature?: string | ((session: FtpSession) => string | undefined);
  /** Answer it. What is thrown by the file system is answered by its code. */
  run(session: FtpSession, argument: string): Awaitable<Answer>;
}
