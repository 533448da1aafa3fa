import { Deque } from "./deque.ts";

/** A list of byte strings. */
export class List {
  readonly type = "list";
  readonly items = new Deque<string>();

  copy(): List {
    const copy = new List();
    for (const item of this.items) copy.items.push(item);
    return copy;
  }

  get size(): number {
    return this.items.length;
  }

  get encoding(): string {
    return "quicklist";
  }
}
