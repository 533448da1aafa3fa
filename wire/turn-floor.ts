import { setTimeout as wait } from "node:timers/promises";
import type { Connection, Said } from "./connection.ts";
import type { Floor, Passing } from "./interceptor.ts";
import type { Turn } from "./session.ts";
import type { Passage } from "./passage.ts";

/** What the floor needs of its conversation. */
export interface FloorHolder {
  readonly link: Connection;
  /** Aborted when the connection is gone. */
  readonly leaving: AbortSignal;
  /** Aborted when the client has said all it will say, or is gone. */
  readonly ending: AbortSignal;
  say(said: Said): void;
  end(): void;
  reset(): void;
  /** Let the session have the message, or another one in its place. */
  take(instead: string | undefined, preliminary: Passing["preliminary"]): Promise<Turn>;
}

/** The floor of one turn: what an intervention does goes through here. */
export class TurnFloor implements Floor {
  /** What the session gave; nothing when it never had the message. */
  passed: Turn | undefined;
  readonly gone: Promise<void>;
  readonly #holder: FloorHolder;

  constructor(holder: FloorHolder) {
    this.#holder = holder;
    this.gone = aborted(holder.ending);
  }

  get incoming(): Passage {
    return this.#holder.link.incoming;
  }

  get outgoing(): Passage {
    return this.#holder.link.outgoing;
  }

  async pass({ instead, preliminary }: Passing = {}): Promise<Said> {
    this.passed = "";
    this.passed = await this.#holder.take(instead, preliminary);
    if (typeof this.passed === "string" || this.passed instanceof Uint8Array) return this.passed;
    return this.passed.say ?? "";
  }

  say(said: Said): void {
    this.#holder.say(said);
  }

  async wait(delayMs: number): Promise<void> {
    await wait(delayMs, undefined, { signal: this.#holder.leaving }).catch(() => {});
  }

  end(): void {
    this.#holder.end();
  }

  reset(): void {
    this.#holder.reset();
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
