import { draw } from "./draw.ts";
import type { StandingRule } from "./rules.ts";
import type { When } from "./script.ts";

/** How often a rule fires, counted over what it meets. */
export type Times = When | { readonly type: "every"; readonly count: number };

/** What a book counts. */
export interface CountedRule {
  /** Never used twice in one book. */
  readonly number: number;
  readonly when: Times;
}

/** A rule that fires. */
export interface Firing<Rule extends CountedRule = StandingRule> {
  readonly rule: Rule;
  /** How often it has been met, this time included. */
  readonly occurrence: number;
  /** How often on this connection. */
  readonly ownOccurrence: number;
}

/**
 * Rules and how often each was met. One book is shared by all connections of a server, so that "the first two times"
 * counts a client that comes back; only percentages are drawn for each connection.
 */
export class RuleBook<Rule extends CountedRule = StandingRule> {
  /** In the order in which they are asked. */
  rules: readonly Rule[];
  seed: number;
  readonly #met = new Map<number, number>();
  readonly #metBy = new Map<number, Map<number, number>>();
  readonly #fired = new Map<number, number>();

  constructor(rules: readonly Rule[], seed: number) {
    this.rules = rules;
    this.seed = seed;
  }

  /**
   * The rule that a message meets and that fires now. Every rule that the message meets counts it, also behind one
   * that fires.
   * @param meets whether the message is what the rule waits for
   * @param takes whether the rule does something now that its time has come; the next one is asked otherwise
   */
  fire(
    connection: number,
    meets: (rule: Rule) => boolean,
    takes: (firing: Firing<Rule>) => boolean = () => true,
  ): Firing<Rule> | undefined {
    let fired: Firing<Rule> | undefined;
    for (const rule of this.rules) {
      if (!meets(rule)) continue;
      const occurrence = (this.#met.get(rule.number) ?? 0) + 1;
      this.#met.set(rule.number, occurrence);
      const own = this.#countFor(connection, rule.number);
      if (fired !== undefined || !this.#isDue(rule, occurrence, own, connection)) continue;
      const firing = { rule, occurrence, ownOccurrence: own };
      if (!takes(firing)) continue;
      this.#fired.set(rule.number, this.fired(rule) + 1);
      fired = firing;
    }
    return fired;
  }

  /** How often a rule was met. */
  met(rule: Rule): number {
    return this.#met.get(rule.number) ?? 0;
  }

  /** How often it fired. */
  fired(rule: Rule): number {
    return this.#fired.get(rule.number) ?? 0;
  }

  /** The connection is gone: what was counted for it alone is forgotten. */
  forget(connection: number): void {
    this.#metBy.delete(connection);
  }

  /** Rules that never fired: each is worth a warning. */
  get unused(): Rule[] {
    return this.rules.filter((rule) => this.fired(rule) === 0);
  }

  #countFor(connection: number, rule: number): number {
    const counts = this.#metBy.get(connection) ?? new Map<number, number>();
    this.#metBy.set(connection, counts);
    const count = (counts.get(rule) ?? 0) + 1;
    counts.set(rule, count);
    return count;
  }

  #isDue({ when, number }: CountedRule, occurrence: number, own: number, connection: number): boolean {
    switch (when.type) {
      case "always":
        return true;
      case "first":
        return occurrence <= when.count;
      case "nth":
        return occurrence === when.count;
      case "after":
        return occurrence > when.count;
      case "every":
        return occurrence % when.count === 0;
      case "percent":
        return draw(this.seed, connection, number, own) * 100 < when.percent;
    }
  }
}
