/** A sequence that grows and shrinks at both ends in constant time, and is read by index. */
export class Deque<Item> implements Iterable<Item> {
  #slots: (Item | undefined)[] = Array.from({ length: 8 });
  #head = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** The item at an index, from 0. */
  at(index: number): Item | undefined {
    return index < 0 || index >= this.#length ? undefined : this.#slots[this.#slot(index)];
  }

  replace(index: number, item: Item): void {
    this.#slots[this.#slot(index)] = item;
  }

  push(item: Item): void {
    this.#makeRoom();
    this.#slots[this.#slot(this.#length++)] = item;
  }

  unshift(item: Item): void {
    this.#makeRoom();
    this.#head = this.#slot(-1);
    this.#slots[this.#head] = item;
    this.#length++;
  }

  shift(): Item | undefined {
    if (this.#length === 0) return undefined;
    const item = this.#slots[this.#head];
    this.#slots[this.#head] = undefined;
    this.#head = this.#slot(1);
    this.#length--;
    this.#giveRoom();
    return item;
  }

  pop(): Item | undefined {
    if (this.#length === 0) return undefined;
    const slot = this.#slot(--this.#length);
    const item = this.#slots[slot];
    this.#slots[slot] = undefined;
    this.#giveRoom();
    return item;
  }

  /** Put an item before the one at an index. */
  insert(index: number, item: Item): void {
    this.push(item);
    for (let at = this.#length - 1; at > index; at--) this.replace(at, this.at(at - 1)!);
    this.replace(index, item);
  }

  remove(index: number): void {
    for (let at = index; at < this.#length - 1; at++) this.replace(at, this.at(at + 1)!);
    this.pop();
  }

  /** The items from one index to another, both included. */
  slice(from: number, to: number): Item[] {
    const items: Item[] = [];
    for (let at = Math.max(from, 0); at <= to && at < this.#length; at++) items.push(this.at(at)!);
    return items;
  }

  *[Symbol.iterator](): IterableIterator<Item> {
    for (let at = 0; at < this.#length; at++) yield this.at(at)!;
  }

  /** The number of slots is a power of two, so a slot is found by cutting bits off. */
  #slot(index: number): number {
    return (this.#head + index) & (this.#slots.length - 1);
  }

  #makeRoom(): void {
    if (this.#length === this.#slots.length) this.#move(this.#slots.length * 2);
  }

  #giveRoom(): void {
    if (this.#slots.length > 8 && this.#length < this.#slots.length / 4) this.#move(this.#slots.length / 2);
  }

  #move(size: number): void {
    const slots: (Item | undefined)[] = Array.from({ length: size });
    for (let at = 0; at < this.#length; at++) slots[at] = this.at(at);
    this.#slots = slots;
    this.#head = 0;
  }
}
