import type { SecureContext } from "node:tls";
import type { Dialect, Message } from "../../wire/exchange/dialect.ts";
import type { Role } from "../../wire/exchange/script.ts";
import type { Target } from "../../wire/exchange/target.ts";
import type { Interceptor } from "../../wire/interceptor.ts";
import type { Recorder } from "../../wire/transcript.ts";

/** What the relays of one interposer or recorder share. */
export interface RelayHouse {
  readonly target: Target;
  readonly dialect: Dialect;
  readonly recorder: Recorder;
  readonly interceptor?: Interceptor | undefined;
  /** The certificate shown to clients; made when first asked for. */
  readonly secureContext: () => SecureContext;
  readonly connectTimeoutMs: number;
  /** Hears one connection. */
  readonly witness?: ((connection: number) => Witness) | undefined;
}

/** Hears everything of one conversation in the middle: what a recorder writes down. */
export interface Witness {
  /** A message that went through, as whoever heard it got it. */
  said(speaker: Role, message: Message): void;
  /** Both sides speak TLS from now on. */
  secured(): void;
  /** A data connection is agreed upon with the next message that holds an address: who listens. */
  dataListens(listener: Role): DataWitness;
  /** One side has ended its half, or the connection was reset. */
  ended(speaker: Role, how: "closed" | "reset"): void;
  /** The conversation is over, with all its data connections. */
  over(): void;
}

/** Hears a data connection. */
export interface DataWitness {
  opened(isPrivate: boolean): void;
  said(speaker: Role, bytes: Buffer): void;
  ended(speaker: Role, how: "closed" | "reset"): void;
}
