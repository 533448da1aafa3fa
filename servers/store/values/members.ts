import { readInteger } from "../numbers.ts";

/** A set of byte strings. */
export class Members {
  readonly type = "set";
  readonly members = new Set<string>();
  #isPlain = false;

  get size(): number {
    return this.members.size;
  }

  /** What Redis would keep it as: a sorted array up to 512 integers; what has been more stays so. */
  get encoding(): string {
    return this.#isPlain ? "hashtable" : "intset";
  }

  copy(): Members {
    const copy = new Members();
    for (const member of this.members) copy.members.add(member);
    copy.#isPlain = this.#isPlain;
    return copy;
  }

  /** @returns whether it is new */
  add(member: string): boolean {
    if (this.members.has(member)) return false;
    this.members.add(member);
    if (!this.#isPlain && (this.members.size > 512 || readInteger(member) === undefined))
      this.#isPlain = true;
    return true;
  }

  /** In the order that Redis gives: integers sorted, others as they came. */
  list(): string[] {
    const members = [...this.members];
    return this.#isPlain ? members : members.sort((a, b) => Number(BigInt(a) - BigInt(b)));
  }
}
