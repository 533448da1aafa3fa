import type { Effect, Firing } from "../fault.ts";
import { Schedule } from "../schedule.ts";
import type { Sink, Stage } from "../../passage.ts";
import type { ByteFault } from "./byte-fault.ts";

/** Everything comes later. */
export interface LatencyFault extends ByteFault {
  readonly fault: "latency";
  readonly latencyMs: number;
  /** Up to so much more or less. @default 0 */
  readonly jitterMs?: number;
}

export function latency({ latencyMs, jitterMs = 0, direction = "S" }: LatencyFault): Effect {
  return {
    title: `latency ${latencyMs} ms${jitterMs > 0 ? ` ± ${jitterMs}` : ""}`,
    direction,
    stage: (firing) => new Latency(latencyMs, jitterMs, firing),
  };
}

class Latency implements Stage {
  readonly #schedule = new Schedule();
  readonly #latencyMs: number;
  readonly #jitterMs: number;
  readonly #firing: Firing;
  #bursts = 0;

  constructor(latencyMs: number, jitterMs: number, firing: Firing) {
    this.#latencyMs = latencyMs;
    this.#jitterMs = jitterMs;
    this.#firing = firing;
  }

  get heldBytes(): number {
    return this.#schedule.heldBytes;
  }

  write(bytes: Buffer, next: Sink): void {
    const jitterMs = this.#jitterMs > 0 ? (this.#firing.draw(this.#bursts++) * 2 - 1) * this.#jitterMs : 0;
    this.#schedule.put(bytes, performance.now() + Math.max(0, this.#latencyMs + jitterMs), next);
  }

  end(next: Sink): void {
    this.#schedule.put(undefined, performance.now() + this.#latencyMs, next);
  }

  leave(): void {
    this.#schedule.hurry();
  }

  close(): void {
    this.#schedule.close();
  }
}
