import type { Role } from "../script.ts";

/** What the faults on bytes have in common: without `on` they last as long as the connection, otherwise one turn. */
export interface ByteFault {
  /** Whose bytes: the client's or the server's. @default "S" */
  readonly direction?: Role;
}
