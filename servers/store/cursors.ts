/**
 * Positions of SCAN. A cursor stands for an iterator that goes on where it stopped, whatever is added or removed
 * meanwhile: what is there from the first call to the last is given at least once. A cursor that is not known (any
 * more) begins again from the start, which keeps that promise too.
 */
export class Cursors {
  readonly #open = new Map<number, Scan>();
  #last = 0;

  /**
   * Take up to `count` names.
   * @param cursor 0 to begin
   * @returns the cursor for the next call; 0 when that was all
   */
  scan(cursor: number, count: number, source: Names): Page {
    const known = this.#open.get(cursor);
    this.#open.delete(cursor);
    const scan = known?.source === source ? known : { source, names: source.keys(), left: source.size };
    const names: string[] = [];
    while (names.length < count && scan.left > 0) {
      const { done, value } = scan.names.next();
      if (done) return { cursor: 0, names };
      // What was there at the start is among as many names as there were: what comes later is behind them.
      scan.left--;
      names.push(value);
    }
    if (scan.left === 0) return { cursor: 0, names };
    const next = ++this.#last;
    this.#open.set(next, scan);
    if (this.#open.size > maxCursors) this.#open.delete(this.#open.keys().next().value!);
    return { cursor: next, names };
  }
}

/** What can be gone through: keys, fields or members. */
export interface Names {
  readonly size: number;
  keys(): Iterator<string, undefined>;
}

export interface Page {
  readonly cursor: number;
  readonly names: readonly string[];
}

interface Scan {
  readonly source: unknown;
  readonly names: Iterator<string, undefined>;
  left: number;
}

/** Clients that stop in the middle must not cost memory for ever. */
const maxCursors = 1_024;
