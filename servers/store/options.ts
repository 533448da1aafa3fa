import { connectionLimitDefaults, type ConnectionLimits } from "../../wire/limits.ts";
import type { FaultRule } from "../../wire/exchange/rule.ts";
import type { Interceptor } from "../../wire/interceptor.ts";
import type { EvictionPolicy } from "./memory-limit.ts";

/** When what was written to the file is on the disk. */
export type Fsync = "always" | "everysec" | "no";

/** What was cut off the end of a file that does not end with a whole command. */
export interface TornTail {
  readonly file: string;
  /** Where the last whole command ends. */
  readonly keptBytes: number;
  readonly cutBytes: number;
}

/** How to start a store. Every field may be left out. */
export interface StoreOptions extends ConnectionLimits {
  /** Address to listen on; other than loopback only with `password`. @default "127.0.0.1" */
  readonly host?: string;
  /** TCP port; 0 takes a free one. @default 0 */
  readonly port?: number;
  /** A unix socket instead of host and port. @default none */
  readonly path?: string;
  /** What AUTH must say. @default none: nobody has to */
  readonly password?: string;
  /** Numbered databases. @default 16 */
  readonly databases?: number;
  /** A folder for the append-only file, made when it is not there; Redis 7 reads and writes the same. @default none: in memory */
  readonly folder?: string;
  /** `always`: before the reply; `everysec`: each second; `no`: when the system likes. @default "everysec" */
  readonly fsync?: Fsync;
  /** The file is rewritten in the background when it is so many times as large as after the last time; 0: never. @default 2 */
  readonly rewriteFactor?: number;
  /** No rewrite below this size. @default 67_108_864 */
  readonly minRewriteBytes?: number;
  /** The file did not end with a whole command, and was cut there. Without it, it is in `store.tornTail`. */
  readonly onTornTail?: (tail: TornTail) => void;
  /** Bytes of keys and values, about; 0 is no limit. @default 0 */
  readonly maxMemoryBytes?: number;
  /** What happens at `maxMemoryBytes`. @default "noeviction" */
  readonly evictionPolicy?: EvictionPolicy;
  /** The longest value or word. @default 536_870_000 */
  readonly maxValueBytes?: number;
  /** Words of one command. @default 1_048_576 */
  readonly maxWords?: number;
  /** What may wait for a subscriber that does not read; more ends its connection. @default 33_554_432 */
  readonly maxUnreadBytes?: number;
  /** Transcript entries that are kept; the oldest go first. @default 1_000 */
  readonly maxTranscriptEntries?: number;
  /** Faults from the first connection on: typed ones, `(whenever)` blocks, or the path of a script. @default [] */
  readonly rules?: readonly (FaultRule | string)[];
  /** Seeds the faults that happen by chance. @default that of the rules' script, or 0 */
  readonly seed?: number;
  /** What stands between the wire and the session in place of the rules. @default none */
  readonly interceptor?: Interceptor;
}

type Optional = "path" | "password" | "folder" | "onTornTail" | "seed" | "interceptor";

/** The options with everything filled in that has a default. */
export type ResolvedStoreOptions = Required<Omit<StoreOptions, Optional>> & Pick<StoreOptions, Optional>;

/**
 * Silence is no reason to end a connection here: subscribers are silent. Strings of the runtime end just below the
 * 512 MB that Redis takes, hence `maxValueBytes`.
 */
export const storeDefaults: Required<Omit<StoreOptions, Optional>> = {
  ...connectionLimitDefaults,
  idleTimeoutMs: Infinity,
  host: "127.0.0.1",
  port: 0,
  databases: 16,
  fsync: "everysec",
  rewriteFactor: 2,
  minRewriteBytes: 67_108_864,
  maxMemoryBytes: 0,
  evictionPolicy: "noeviction",
  maxValueBytes: 536_870_000,
  maxWords: 1_048_576,
  maxUnreadBytes: 33_554_432,
  maxTranscriptEntries: 1_000,
  rules: [],
};

/**
 * The options merged with the defaults.
 * @throws TypeError for a combination that cannot work
 */
export function resolveStoreOptions(options: StoreOptions): ResolvedStoreOptions {
  const resolved: ResolvedStoreOptions = { ...storeDefaults, ...options };
  if (resolved.path !== undefined && options.port !== undefined)
    throw new TypeError("startStore: path (a unix socket) and port exclude each other; give one of them");
  if (resolved.path === undefined && resolved.password === undefined && !isLoopback(resolved.host)) {
    throw new TypeError(
      `startStore: host ${resolved.host} can be reached by others, and whoever reaches a store can do everything; give a password, or listen on 127.0.0.1`,
    );
  }
  if (!Number.isInteger(resolved.databases) || resolved.databases < 1)
    throw new TypeError("startStore: databases must be a number from 1");
  return resolved;
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host.startsWith("127.");
}
