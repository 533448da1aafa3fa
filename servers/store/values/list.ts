import { Deque } from "./deque.ts";

/** A list of byte strings. */
export class List {
  readonly type = "list";
  readonly items = new Deque<string>();

  get size(): number {
    return this.items.length;
  }

  get encoding(): string {
    return "quicklist";
  }
}
