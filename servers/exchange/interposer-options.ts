import type { KeyedCertificate } from "../../wire/certificate.ts";
import type { FaultRule } from "../../wire/exchange/rule.ts";

/** How to stand between clients and a real server. Only the target is needed. */
export interface InterposerOptions {
  /** The real server: `smtp://127.0.0.1:1025`, `ftp://host`, `redis://…`, `tcp://host:port`, `unix:/path`. */
  readonly target: string;
  /** Address to listen on. @default "127.0.0.1" */
  readonly host?: string;
  /** TCP port; 0 takes a free one. @default 0 */
  readonly port?: number;
  /** How what is said is understood; `raw` never looks into it. @default that of the target's scheme */
  readonly dialect?: string;
  /** Faults: typed rules, scripts with `(whenever)` blocks, or paths of `.exchange` files. @default none */
  readonly rules?: readonly (FaultRule | string)[];
  /** Of everything in the rules that happens by chance. @default that of the scripts, or 0 */
  readonly seed?: number;
  /** Certificate and key shown to clients, in PEM. @default a leaf of the authority of this process */
  readonly certificate?: KeyedCertificate;
  /** How long the target may take to accept a connection, in milliseconds. @default 5_000 */
  readonly connectTimeoutMs?: number;
  /** Transcript entries that are kept; the oldest go first. @default 10_000 */
  readonly maxTranscriptEntries?: number;
}

type Optional = "dialect" | "seed" | "certificate";

/** The options with everything filled in that has a default. */
export type ResolvedInterposerOptions = Required<Omit<InterposerOptions, Optional>> &
  Pick<InterposerOptions, Optional>;

export const interposerDefaults: Required<Omit<InterposerOptions, Optional | "target">> = {
  host: "127.0.0.1",
  port: 0,
  rules: [],
  connectTimeoutMs: 5_000,
  maxTranscriptEntries: 10_000,
};
