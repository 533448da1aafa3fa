import { Deque } from "./deque.ts";
import { refuse } from "../refusal.ts";

/** When an entry was added, and its place among those of the same millisecond. */
export interface StreamId {
  readonly ms: number;
  readonly sequence: number;
}

export interface StreamEntry {
  readonly id: StreamId;
  /** Fields and values, one after the other. */
  readonly fields: readonly string[];
}

/** The largest number of an id: the 64 bits of Redis as far as numbers are exact. */
export const maxIdPart = Number.MAX_SAFE_INTEGER;
export const firstId: StreamId = { ms: 0, sequence: 0 };
export const lastId: StreamId = { ms: maxIdPart, sequence: maxIdPart };

/** Entries in the order of their ids, added at the end. */
export class Stream {
  readonly type = "stream";
  readonly encoding = "stream";
  readonly entries = new Deque<StreamEntry>();
  /** The newest id that was ever given; it stays when its entry is deleted. */
  last: StreamId = firstId;
  added = 0;
  maxDeleted: StreamId = firstId;

  get size(): number {
    return this.entries.length;
  }

  copy(): Stream {
    const copy = new Stream();
    for (const entry of this.entries) copy.entries.push(entry);
    return Object.assign(copy, { last: this.last, added: this.added, maxDeleted: this.maxDeleted });
  }

  append(id: StreamId, fields: readonly string[]): void {
    this.entries.push({ id, fields });
    this.last = id;
    this.added++;
  }

  /** Index of the first entry with this id or a later one. */
  indexFrom(id: StreamId): number {
    let low = 0;
    let high = this.entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compareIds(this.entries.at(middle)!.id, id) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The entries between two ids, both included, at most so many; the newest first when asked. */
  range(from: StreamId, to: StreamId, count = Infinity, isReversed = false): StreamEntry[] {
    const first = this.indexFrom(from);
    const end = isLast(to) ? this.entries.length : this.indexFrom(idAfter(to));
    if (!isReversed) return this.entries.slice(first, Math.min(end, first + count) - 1);
    return this.entries.slice(Math.max(first, end - count), end - 1).toReversed();
  }

  /** @returns whether it was there */
  remove(id: StreamId): boolean {
    const index = this.indexFrom(id);
    const entry = this.entries.at(index);
    if (!entry || compareIds(entry.id, id) !== 0) return false;
    this.entries.remove(index);
    if (compareIds(id, this.maxDeleted) > 0) this.maxDeleted = id;
    return true;
  }

  /** Remove the oldest until at most so many are left. @returns how many went */
  trimToLength(length: number, limit = Infinity): number {
    let removed = 0;
    for (; this.entries.length > length && removed < limit; removed++) this.entries.shift();
    return removed;
  }

  /** Remove those before an id. @returns how many went */
  trimBefore(id: StreamId, limit = Infinity): number {
    return this.trimToLength(this.entries.length - this.indexFrom(id), limit);
  }
}

export function compareIds(a: StreamId, b: StreamId): number {
  return a.ms - b.ms || a.sequence - b.sequence;
}

export function printId({ ms, sequence }: StreamId): string {
  return `${ms}-${sequence}`;
}

const complaint = "Invalid stream ID specified as stream command argument";

/** An id; without a sequence it gets the one given. @throws Refusal */
export function readId(text: string, sequence: number): StreamId {
  const match = /^(?<ms>\d{1,20})(?:-(?<sequence>\d{1,20}))?$/.exec(text);
  if (!match?.groups) return refuse(complaint);
  const id = { ms: Number(match.groups["ms"]), sequence: Number(match.groups["sequence"] ?? sequence) };
  return id.ms > maxIdPart || id.sequence > maxIdPart ? refuse(complaint) : id;
}

/** The next id that there can be. */
export function idAfter({ ms, sequence }: StreamId): StreamId {
  return sequence < maxIdPart ? { ms, sequence: sequence + 1 } : { ms: ms + 1, sequence: 0 };
}

/** The last id that there can be before. */
export function idBefore({ ms, sequence }: StreamId): StreamId {
  return sequence > 0 ? { ms, sequence: sequence - 1 } : { ms: ms - 1, sequence: maxIdPart };
}

function isLast(id: StreamId): boolean {
  return id.ms >= maxIdPart && id.sequence >= maxIdPart;
}
