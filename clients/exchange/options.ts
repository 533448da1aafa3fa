import type { Environment } from "../../wire/exchange/functions.ts";
import type { TraceEvent } from "../../wire/exchange/trace.ts";

/** How to play a script. Every field may be left out. */
export interface PlayOptions {
  /** Where to: `smtp://127.0.0.1:1025`. @default the script's own `target` */
  readonly target?: string;
  /** How long the server may take for each line, in milliseconds; the script's `timeout` wins. @default 5_000 */
  readonly timeoutMs?: number;
  /** Authorities to trust, in PEM; without them every certificate is accepted, as tests have it. @default none */
  readonly ca?: string;
  /** The name to ask for in TLS. @default the host of the target, when it is a name */
  readonly serverName?: string;
  /** What `env()` in the script sees; scripts of strangers should see nothing. @default nothing */
  readonly environment?: Environment;
  /** How the script is called in reports. @default its path */
  readonly shownAs?: string;
  /** Seed of the rules that fire by chance. @default the script's own, or 0 */
  readonly seed?: number;
  /** Hears every line as it is said or met. @default nobody */
  readonly tell?: (event: TraceEvent) => void;
}
