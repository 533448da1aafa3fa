/** A member of a sorted set with its score. */
export interface Scored {
  readonly member: string;
  readonly score: number;
}

/** Entries of one block; more are split in two. */
const blockSize = 256;

/**
 * Members ordered by score, then by bytes. The entries stand in blocks of a few hundred: finding, inserting and ranking
 * look at one entry of each block and then at one block, so a set of 100,000 moves no more than a block's entries.
 */
export class SortedSet {
  readonly type = "zset";
  readonly scores = new Map<string, number>();
  #blocks: Scored[][] = [];
  #isLarge = false;

  get size(): number {
    return this.scores.size;
  }

  /** What Redis would keep it as. */
  get encoding(): string {
    return this.#isLarge ? "skiplist" : "listpack";
  }

  copy(): SortedSet {
    const copy = new SortedSet();
    for (const [member, score] of this.scores) copy.scores.set(member, score);
    copy.#blocks = this.#blocks.map((block) => [...block]);
    copy.#isLarge = this.#isLarge;
    return copy;
  }

  score(member: string): number | undefined {
    return this.scores.get(member);
  }

  put(member: string, score: number): void {
    const before = this.scores.get(member);
    if (before !== undefined) this.#cut({ member, score: before });
    this.scores.set(member, score);
    this.#insert({ member, score });
    if (this.scores.size > 128 || member.length > 64) this.#isLarge = true;
  }

  /** @returns whether it was there */
  remove(member: string): boolean {
    const score = this.scores.get(member);
    if (score === undefined) return false;
    this.scores.delete(member);
    this.#cut({ member, score });
    return true;
  }

  /** How many stand before it. */
  rank(member: string): number | undefined {
    const score = this.scores.get(member);
    return score === undefined ? undefined : this.countBefore((entry) => order(entry, { member, score }) < 0);
  }

  /** How many entries from the first on are so; all that are must stand before all that are not. */
  countBefore(is: (entry: Scored) => boolean): number {
    const index = this.#blockOf(is);
    let count = 0;
    for (let at = 0; at < index; at++) count += this.#blocks[at]!.length;
    const block = this.#blocks[index];
    return block ? count + partition(block, is) : count;
  }

  /** The entries from one rank to another, both included. */
  range(from: number, to: number): Scored[] {
    const found: Scored[] = [];
    let start = 0;
    for (const block of this.#blocks) {
      if (start > to) break;
      if (start + block.length > from)
        for (let at = Math.max(from - start, 0); at < block.length && start + at <= to; at++)
          found.push(block[at]!);
      start += block.length;
    }
    return found;
  }

  *[Symbol.iterator](): IterableIterator<Scored> {
    for (const block of this.#blocks) yield* block;
  }

  #insert(entry: Scored): void {
    const isBefore = (other: Scored): boolean => order(other, entry) < 0;
    const index = Math.min(this.#blockOf(isBefore), this.#blocks.length - 1);
    const block = this.#blocks[index];
    if (!block) {
      this.#blocks.push([entry]);
      return;
    }
    block.splice(partition(block, isBefore), 0, entry);
    if (block.length > blockSize) this.#blocks.splice(index + 1, 0, block.splice(blockSize / 2));
  }

  #cut(entry: Scored): void {
    const isBefore = (other: Scored): boolean => order(other, entry) < 0;
    const index = this.#blockOf(isBefore);
    const block = this.#blocks[index]!;
    block.splice(partition(block, isBefore), 1);
    if (block.length === 0) this.#blocks.splice(index, 1);
  }

  /** The first block whose last entry is not so. */
  #blockOf(is: (entry: Scored) => boolean): number {
    return partition(this.#blocks, (block) => is(block.at(-1)!));
  }
}

/** By score, then by bytes. */
function order(a: Scored, b: Scored): number {
  if (a.score !== b.score) return a.score < b.score ? -1 : 1;
  if (a.member === b.member) return 0;
  return a.member < b.member ? -1 : 1;
}

/** How many items from the first on are so, found by halves. */
function partition<Item>(items: readonly Item[], is: (item: Item) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (is(items[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}
