import { Issue } from "./audience.ts";
import { Random } from "./random.ts";
import type { TickerChannel } from "./topic.ts";

/**
 * What can go wrong on the way to a client. All but the snapshot are about the n-th message of a channel that a
 * connection is sent.
 *
 * - `drop` it is not sent; `duplicate` it is sent twice; `reorder` it is sent after the one that follows
 * - `stall` neither it nor anything else is sent, answers included; the connection stays open
 * - `stopped-heartbeat` no heartbeat is sent from there on
 * - `crossed-book` it also says that somebody bids more than is asked
 * - `cut` the connection is reset after it
 * - `stale-snapshot` snapshots show the book as it was some events ago
 */
export type TickerFaultKind = (typeof kinds)[number];

const kinds = [
  "drop",
  "duplicate",
  "reorder",
  "crossed-book",
  "stale-snapshot",
  "cut",
  "stall",
  "stopped-heartbeat",
] as const;

/** A fault: what, and when. */
export interface TickerFault {
  readonly kind: TickerFaultKind;
  /** Which channel it is about; with the dialect of the exchange, depth is a `book`. @default "book" */
  readonly channel?: TickerChannel;
  /** Only this symbol. @default all */
  readonly symbol?: string;
  /** Only the n-th connection of the server, from 1. @default each, for itself */
  readonly connection?: number;
  /** The first message that it happens to, counted for each connection from when the fault was added. @default 1 */
  readonly at?: number;
  /** How many messages, or snapshots, in a row. A stall and a stopped heartbeat last until they are ended. @default 1 */
  readonly times?: number;
  /** For a stale snapshot: how many events it is behind, 200 at most. @default 5 */
  readonly events?: number;
}

/** What becomes of a message. */
interface Fate {
  readonly told: readonly Issue[];
  readonly isCut: boolean;
}

/** The faults of one server. */
export class FaultDesk {
  readonly #faults = new Set<TickerFault>();

  /** Cause a fault from now on. @returns what ends it */
  add(fault: TickerFault): () => void {
    const { at = 1, times = 1, events = 5 } = fault;
    if (!(at >= 1) || !(times >= 1) || !(events >= 1))
      throw new TypeError(`addFault: at, times and events of "${fault.kind}" count from 1`);
    // A fault of its own, so that the same one can be added twice.
    const own = { ...fault };
    this.#faults.add(own);
    return () => this.#faults.delete(own);
  }

  clear(): void {
    this.#faults.clear();
  }

  list(): TickerFault[] {
    return [...this.#faults];
  }

  get isEmpty(): boolean {
    return this.#faults.size === 0;
  }

  /** Those that are about one connection. */
  of(connection: number): TickerFault[] {
    return [...this.#faults].filter(
      (fault) => fault.connection === undefined || fault.connection === connection,
    );
  }

  has(fault: TickerFault): boolean {
    return this.#faults.has(fault);
  }

  reader(connection: number): ReaderFaults {
    return new ReaderFaults(this, connection);
  }
}

/** The faults of one connection, which counts for itself. */
export class ReaderFaults {
  readonly #desk: FaultDesk;
  readonly #connection: number;
  readonly #counts = new Map<TickerFault, number>();
  readonly #late: Issue[] = [];
  #stall: TickerFault | undefined;

  constructor(desk: FaultDesk, connection: number) {
    this.#desk = desk;
    this.#connection = connection;
  }

  get isIdle(): boolean {
    return this.#desk.isEmpty && this.#late.length === 0;
  }

  get isStalled(): boolean {
    if (this.#stall !== undefined && !this.#desk.has(this.#stall)) this.#stall = undefined;
    return this.#stall !== undefined;
  }

  befall(issue: Issue): Fate {
    if (this.isStalled) return { told: [], isCut: false };
    let told = [issue];
    let isCut = false;
    let isLate = false;
    for (const fault of this.#happening(issue)) {
      if (fault.kind === "drop" || fault.kind === "stopped-heartbeat") told = [];
      else if (fault.kind === "duplicate") told = [...told, ...told];
      else if (fault.kind === "crossed-book") told = told.map(crossed);
      else if (fault.kind === "reorder") isLate = true;
      else if (fault.kind === "cut") isCut = true;
      else if (fault.kind === "stall") {
        this.#stall = fault;
        return { told: [], isCut: false };
      }
    }
    if (isLate) {
      this.#late.push(...told);
      return { told: [], isCut };
    }
    const { topic } = issue.publication;
    const overdue = this.#late.filter((late) => late.publication.topic === topic);
    for (const late of overdue) this.#late.splice(this.#late.indexOf(late), 1);
    return { told: [...told, ...overdue], isCut };
  }

  /** How many events a snapshot of this symbol is behind. */
  staleness(symbol: string): number {
    for (const fault of this.#desk.of(this.#connection)) {
      if (fault.kind === "stale-snapshot" && this.#isNow(fault, fault.symbol ?? symbol, symbol)) {
        return fault.events ?? 5;
      }
    }
    return 0;
  }

  #happening(issue: Issue): TickerFault[] {
    const { symbol, channel } = issue.publication;
    return this.#desk
      .of(this.#connection)
      .filter(
        (fault) =>
          fault.kind !== "stale-snapshot" &&
          (fault.kind === "stopped-heartbeat" ? "heartbeat" : (fault.channel ?? "book")) === channel &&
          this.#isNow(fault, fault.symbol ?? symbol, symbol),
      );
  }

  /** Count a message that a fault is about. @returns whether it happens to this one */
  #isNow(fault: TickerFault, wanted: string, symbol: string): boolean {
    if (wanted !== symbol) return false;
    const count = (this.#counts.get(fault) ?? 0) + 1;
    this.#counts.set(fault, count);
    const { at = 1, times = 1 } = fault;
    return count >= at && (fault.kind === "stopped-heartbeat" || count < at + times);
  }
}

function crossed(issue: Issue): Issue {
  const { crossed: text, ...publication } = issue.publication;
  return text === undefined ? issue : new Issue({ ...publication, text: text() });
}

/** Whether a value that came from outside is a fault. */
export function isTickerFault(value: unknown): value is TickerFault {
  if (typeof value !== "object" || value === null) return false;
  const { kind, channel, symbol, connection, at, times, events } = value as Record<string, unknown>;
  const isCount = (given: unknown): boolean => given === undefined || Number.isSafeInteger(given);
  const isText = (given: unknown): boolean => given === undefined || typeof given === "string";
  const isKind = kinds.some((one) => one === kind);
  return isKind && isText(channel) && isText(symbol) && [connection, at, times, events].every(isCount);
}

/**
 * Faults by chance, the same for the same seed: to try a client against many kinds of bad luck.
 * @param count how many
 */
export function faultSchedule(seed: number, count: number, symbols: readonly string[] = []): TickerFault[] {
  const random = new Random(seed, "faults");
  return Array.from({ length: count }, () => {
    const symbol = symbols[random.below(symbols.length)];
    return {
      kind: kinds[random.below(kinds.length)]!,
      at: 1 + random.low(60),
      times: 1 + random.low(4),
      events: 1 + random.low(40),
      ...(symbol !== undefined && random.percent(70) && { symbol }),
    };
  });
}
