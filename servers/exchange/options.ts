import type { Environment } from "../../wire/exchange/functions.ts";
import type { KeyedCertificate } from "../../wire/certificate.ts";
import type { Outcome, TraceEvent } from "../../wire/exchange/trace.ts";

/** How to serve a script. Every field may be left out. */
export interface ServeOptions {
  /** @default "127.0.0.1" */
  readonly host?: string;
  /** 0 takes a free port; the port of the script's target is not used. @default 0 */
  readonly port?: number;
  /** Scheme of the URL, and with it dialect and transport. @default that of the script's target, or `tcp` */
  readonly scheme?: string;
  /** A unix socket instead of host and port. @default none */
  readonly path?: string;
  /** Once: the first performance ends the server. Again: after each success the next. Many: one for each connection. @default "once" */
  readonly repeat?: "once" | "again" | "many";
  /** How long the client may take for each line, in milliseconds; the script's `timeout` wins. @default 5_000 */
  readonly timeoutMs?: number;
  /** Certificate and key for TLS. @default a leaf of the authority of this process */
  readonly certificate?: KeyedCertificate;
  /** What `env()` in the script sees. @default nothing */
  readonly environment?: Environment;
  /** How the script is called in reports. @default its path */
  readonly shownAs?: string;
  /** Seed of the rules that fire by chance. @default the script's own, or 0 */
  readonly seed?: number;
  /** Hears every line as it is said or met. @default nobody */
  readonly tell?: (event: TraceEvent) => void;
  /** Hears how each performance went. @default nobody */
  readonly onOutcome?: (outcome: Outcome) => void;
}
