/** A member of a crowd knows its place in it. */
export interface Member {
  /** Kept by the crowd. */
  place: number;
}

/**
 * Those who are here now, in no order. A `Set` of connections that come and go is copied every few dozen of them, and
 * the copies, once they are old, hold those who have left until the next great collection: 5 KB for each mail that came
 * by a connection of its own. Here a member that leaves gives its place to the last one, and nothing is ever copied.
 */
export class Crowd<One extends Member> {
  readonly #members: One[] = [];

  get size(): number {
    return this.#members.length;
  }

  add(member: One): void {
    member.place = this.#members.length;
    this.#members.push(member);
  }

  /** Take out somebody who is in. */
  remove(member: One): void {
    const last = this.#members.pop()!;
    if (last === member) return;
    this.#members[member.place] = last;
    last.place = member.place;
  }

  /** Everybody who is in at this moment, whoever leaves meanwhile. */
  all(): One[] {
    return this.#members.slice();
  }
}
