import type { Sink } from "../passage.ts";

interface Waiting {
  readonly dueMs: number;
  /** Nothing = the end. */
  readonly bytes: Buffer | undefined;
}

/** Bytes that leave later, in order, each at its time; one timer for all of them. */
export class Schedule {
  /** An end that waits counts as a byte: nobody may destroy the connection before it. */
  heldBytes = 0;
  readonly #waiting: Waiting[] = [];
  #timer: NodeJS.Timeout | undefined;
  #next: Sink | undefined;

  /** When the last of what waits will leave, in milliseconds of `performance.now()`; now, when nothing does. */
  get lastMs(): number {
    return Math.max(performance.now(), this.#waiting.at(-1)?.dueMs ?? 0);
  }

  /** Let bytes, or the end of them, leave at a time; never before what was given earlier. */
  put(bytes: Buffer | undefined, dueMs: number, next: Sink): void {
    this.#next = next;
    this.heldBytes += bytes?.length ?? 1;
    this.#waiting.push({ bytes, dueMs });
    if (this.#waiting.length === 1) this.#arm();
  }

  /** Everything leaves now. */
  hurry(): void {
    clearTimeout(this.#timer);
    for (const { bytes } of this.#waiting.splice(0)) this.#give(bytes);
  }

  /** Nothing leaves any more. */
  close(): void {
    clearTimeout(this.#timer);
    this.#waiting.length = 0;
    this.heldBytes = 0;
  }

  #arm(): void {
    const first = this.#waiting[0];
    if (!first) return;
    this.#timer = setTimeout(() => this.#due(), Math.max(0, first.dueMs - performance.now()));
  }

  #due(): void {
    // Node's timers may fire up to a millisecond early.
    const now = performance.now() + 1;
    while (this.#waiting[0] && this.#waiting[0].dueMs <= now) this.#give(this.#waiting.shift()!.bytes);
    this.#arm();
  }

  #give(bytes: Buffer | undefined): void {
    this.heldBytes -= bytes?.length ?? 1;
    if (bytes === undefined) this.#next?.end();
    else this.#next?.write(bytes);
  }
}
