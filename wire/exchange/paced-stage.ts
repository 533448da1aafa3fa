import type { Sink, Stage } from "../passage.ts";
import { Schedule } from "./schedule.ts";

/** How bytes are cut and how far the pieces lie apart. */
export interface Pace {
  /** How large the next piece is at most. */
  pieceBytes(): number;
  /** How long after the piece before this one of so many bytes leaves. */
  delayMs(bytes: number): number;
}

/** Bytes that leave piece by piece. */
export class PacedStage implements Stage {
  readonly #pace: Pace;
  readonly #schedule = new Schedule();

  constructor(pace: Pace) {
    this.#pace = pace;
  }

  get heldBytes(): number {
    return this.#schedule.heldBytes;
  }

  write(bytes: Buffer, next: Sink): void {
    let dueMs = this.#schedule.lastMs;
    for (let at = 0; at < bytes.length;) {
      const piece = bytes.subarray(at, at + Math.max(1, this.#pace.pieceBytes()));
      at += piece.length;
      dueMs += this.#pace.delayMs(piece.length);
      this.#schedule.put(piece, dueMs, next);
    }
  }

  end(next: Sink): void {
    this.#schedule.put(undefined, this.#schedule.lastMs, next);
  }

  leave(): void {
    this.#schedule.hurry();
  }

  close(): void {
    this.#schedule.close();
  }
}
