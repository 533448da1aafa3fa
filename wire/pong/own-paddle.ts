import { type Direction, movePaddle } from "./court.ts";
import type { InputMessage } from "./messages.ts";

/** How far back a guess is remembered, in ticks: over four seconds. */
const memoryTicks = 256;

interface Told {
  readonly tick: number;
  readonly y: number;
  readonly direction: Direction;
}

/**
 * The own paddle, ahead of the server: it moves with the key and not a round trip later. Each guess is written down
 * with its tick; when the server tells where the paddle was at a tick, the guess of that tick is held against it, and
 * where they differ everything since is played again from what the server said, with the inputs that it has not
 * heard yet.
 *
 *     server   ──────────●  tick 100, y 3600, has input 7
 *     own      ──────────┼───8────9───▶  tick 118: y 3600, then inputs 8 and 9
 */
export class OwnPaddle {
  /** How often the server said something else than was guessed. */
  corrections = 0;
  /** How far the last comparison was off, in sixteenths of a pixel. */
  error = 0;
  /** Comparisons made. */
  comparisons = 0;
  #tick: number;
  #y: number;
  /** What the paddle does at `#tick`. */
  #direction: Direction = 0;
  #pending: InputMessage[] = [];
  /** What the server said last. */
  #told: Told;
  #seq = 0;
  readonly #ticks = new Float64Array(memoryTicks).fill(-1);
  readonly #guesses = new Float64Array(memoryTicks);

  constructor(tick: number, y: number) {
    this.#tick = tick;
    this.#y = y;
    this.#told = { tick, y, direction: 0 };
    this.#remember();
  }

  /** The tick of the guess. */
  get tick(): number {
    return this.#tick;
  }

  get y(): number {
    return this.#y;
  }

  /** Inputs that the server has not answered. */
  get pending(): readonly InputMessage[] {
    return this.#pending;
  }

  /** Where it goes when all inputs have had their effect. */
  get heading(): Direction {
    return this.#pending.at(-1)?.direction ?? this.#direction;
  }

  /** Steer from now on; the input that the server has to be told. */
  steer(direction: Direction): InputMessage {
    const input: InputMessage = { type: "input", seq: ++this.#seq, tick: this.#tick, direction };
    this.#pending.push(input);
    return input;
  }

  /** Guess on, up to a tick; a tick that is past already changes nothing. */
  advance(tick: number, isFrozen: boolean): void {
    // The clock was far ahead and has been put right, or the machine slept: what was guessed has no meaning.
    if (this.#tick - tick > memoryTicks / 2) this.#return(this.#told);
    if (tick - this.#tick > memoryTicks) this.#tick = tick - 1;
    while (this.#tick < tick) this.#step(isFrozen);
  }

  /**
   * What the server says of the paddle at a tick.
   * @param ack the last input that this is the result of
   * @param isFrozen whether paddles do not move at present
   */
  reconcile(
    tick: number,
    told: { readonly y: number; readonly direction: Direction; readonly ack: number },
    isFrozen: boolean,
  ): void {
    const slot = tick % memoryTicks;
    const wasGuessed = this.#ticks[slot] === tick;
    this.error = wasGuessed ? Math.abs(this.#guesses[slot]! - told.y) : 0;
    if (wasGuessed) this.comparisons += 1;
    if (this.error > 0) this.corrections += 1;
    this.#pending = this.#pending.filter((input) => input.seq > told.ack);
    const until = Math.max(this.#tick, tick);
    this.#told = { tick, y: told.y, direction: told.direction };
    this.#return(this.#told);
    this.advance(until, isFrozen);
  }

  #return({ tick, y, direction }: Told): void {
    this.#tick = tick;
    this.#y = y;
    this.#direction = direction;
    this.#remember();
  }

  #step(isFrozen: boolean): void {
    for (const input of this.#pending) if (input.tick <= this.#tick) this.#direction = input.direction;
    if (!isFrozen) this.#y = movePaddle(this.#y, this.#direction);
    this.#tick += 1;
    this.#remember();
  }

  #remember(): void {
    const slot = this.#tick % memoryTicks;
    this.#ticks[slot] = this.#tick;
    this.#guesses[slot] = this.#y;
  }
}
