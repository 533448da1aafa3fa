import { draw } from "../../wire/exchange/draw.ts";

/** What happens to a datagram on its way. */
export interface DatagramFault {
  readonly do: "drop" | "duplicate" | "reorder" | "delay";
  /** Whose datagrams. @default both */
  readonly from?: "client" | "target";
  /** How many of them, drawn from the seed. @default 100 */
  readonly percent?: number;
  /** Only the first so many that it would befall. @default all */
  readonly times?: number;
  /** How late a delayed one comes, and after how long a reordered one goes without a successor. @default 100 */
  readonly delayMs?: number;
  /** A delayed one comes up to so much earlier or later. @default 0 */
  readonly jitterMs?: number;
}

/** How often each thing was done to datagrams. */
export type DatagramCounts = Readonly<Record<"passed" | DatagramFault["do"], number>>;

type Deliver = () => void;
type Side = "client" | "target";

/** The faults of one relay of datagrams; the same seed and the same datagrams give the same faults. */
export class DatagramFaults {
  readonly #faults: { readonly number: number; readonly fault: DatagramFault; met: number; fired: number }[] =
    [];
  readonly #seed: number;
  readonly #timers = new Map<NodeJS.Timeout, Deliver>();
  /** The one that waits for its successor, by the side that it comes from. */
  readonly #overtaken = new Map<Side, Deliver>();
  readonly #counts = { passed: 0, drop: 0, duplicate: 0, reorder: 0, delay: 0 };
  #lastNumber = 0;

  constructor(faults: readonly DatagramFault[], seed: number) {
    this.#seed = seed;
    for (const fault of faults) this.add(fault);
  }

  get counts(): DatagramCounts {
    return { ...this.#counts };
  }

  /** Cause a fault from now on; the result ends it. @throws TypeError for one that makes no sense */
  add(fault: DatagramFault): () => void {
    if (!Object.hasOwn(this.#counts, fault.do) || (fault.do as string) === "passed")
      throw new TypeError(
        `there is no fault "${fault.do}" of datagrams; there are drop, duplicate, reorder, delay`,
      );
    const { percent = 100 } = fault;
    if (!(percent >= 0 && percent <= 100)) throw new TypeError(`percent must be 0 to 100, got ${percent}`);
    const added = { number: ++this.#lastNumber, fault, met: 0, fired: 0 };
    this.#faults.push(added);
    return () => {
      const at = this.#faults.indexOf(added);
      if (at !== -1) this.#faults.splice(at, 1);
    };
  }

  clear(): void {
    this.#faults.length = 0;
  }

  /** Let a datagram go, as far as nothing befalls it. The first fault that fires is the only one. */
  pass(from: Side, deliver: Deliver): void {
    const successor = this.#overtaken.get(from);
    this.#overtaken.delete(from);
    const fault = this.#faults.length === 0 ? undefined : this.#befalling(from);
    this.#counts[fault?.do ?? "passed"] += 1;
    switch (fault?.do) {
      case "drop":
        break;
      case "duplicate":
        deliver();
        deliver();
        break;
      case "delay":
        this.#later(this.#delayOf(fault), deliver);
        break;
      case "reorder":
        this.#overtake(from, fault, deliver);
        break;
      case undefined:
        deliver();
    }
    successor?.();
  }

  /** Nothing that waits goes any more. */
  close(): void {
    for (const timer of this.#timers.keys()) clearTimeout(timer);
    this.#timers.clear();
    this.#overtaken.clear();
  }

  #befalling(from: Side): DatagramFault | undefined {
    for (const one of this.#faults) {
      const { fault } = one;
      if (fault.from !== undefined && fault.from !== from) continue;
      if (one.fired >= (fault.times ?? Infinity)) continue;
      one.met += 1;
      if (draw(this.#seed, 0, one.number, one.met) * 100 >= (fault.percent ?? 100)) continue;
      one.fired += 1;
      return fault;
    }
    return undefined;
  }

  #delayOf({ delayMs = 100, jitterMs = 0 }: DatagramFault): number {
    const drawn = draw(this.#seed, 1, 0, this.#counts.delay);
    return Math.max(0, delayMs + (drawn * 2 - 1) * jitterMs);
  }

  /** It goes behind the next one, or alone when none comes. */
  #overtake(from: Side, { delayMs = 100 }: DatagramFault, deliver: Deliver): void {
    let isGone = false;
    const once = (): void => {
      if (isGone) return;
      isGone = true;
      if (this.#overtaken.get(from) === once) this.#overtaken.delete(from);
      deliver();
    };
    this.#overtaken.set(from, once);
    this.#later(delayMs, once);
  }

  #later(delayMs: number, deliver: Deliver): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      deliver();
    }, delayMs);
    this.#timers.set(timer, deliver);
  }
}
