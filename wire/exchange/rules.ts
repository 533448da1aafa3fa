import { draw } from "./draw.ts";
import { printOne } from "./print.ts";
import type { Block, Item, Role, Script, Spoken, When } from "./script.ts";

/** A `(whenever …)` block: a standing rule with the line it waits for and what happens then. */
export interface StandingRule {
  /** From 1, in the order of the file. */
  readonly number: number;
  readonly when: When;
  readonly hears: Spoken;
  readonly does: readonly Item[];
  readonly line: number;
  readonly text: string;
}

/** A rule that fires. */
export interface Firing {
  readonly rule: StandingRule;
  /** How often its line has been met, this one included. */
  readonly occurrence: number;
}

/**
 * The standing rules of a script and how often each was met. One book is shared by all connections of a server, so
 * that "the first two times" counts a client that comes back; only percentages are drawn for each connection.
 */
export class RuleBook {
  readonly rules: readonly StandingRule[];
  readonly seed: number;
  readonly #met = new Map<number, number>();
  readonly #metBy = new Map<string, number>();
  readonly #fired = new Set<number>();

  constructor(rules: readonly StandingRule[], seed: number) {
    this.rules = rules;
    this.seed = seed;
  }

  /**
   * The rule that a message meets and that fires now. Every rule that the message meets counts it, also behind one
   * that fires.
   * @param meets whether the message is what the rule's first line says
   */
  fire(speaker: Role, connection: number, meets: (rule: StandingRule) => boolean): Firing | undefined {
    let firing: Firing | undefined;
    for (const rule of this.rules) {
      if (rule.hears.speaker !== speaker || !meets(rule)) continue;
      const occurrence = (this.#met.get(rule.number) ?? 0) + 1;
      this.#met.set(rule.number, occurrence);
      const key = `${connection}:${rule.number}`;
      const own = (this.#metBy.get(key) ?? 0) + 1;
      this.#metBy.set(key, own);
      if (firing === undefined && this.#isDue(rule, occurrence, own, connection)) {
        this.#fired.add(rule.number);
        firing = { rule, occurrence };
      }
    }
    return firing;
  }

  #isDue({ when, number }: StandingRule, occurrence: number, own: number, connection: number): boolean {
    switch (when.type) {
      case "always":
        return true;
      case "first":
        return occurrence <= when.count;
      case "nth":
        return occurrence === when.count;
      case "after":
        return occurrence > when.count;
      case "percent":
        return draw(this.seed, connection, number, own) * 100 < when.percent;
    }
  }

  /** Rules that never fired, each as a warning. */
  get unused(): string[] {
    const idle = this.rules.filter((rule) => !this.#fired.has(rule.number));
    return idle.map((rule) => `the rule at line ${rule.line} never fired: ${rule.text}`);
  }
}

/** A rule has no line to wait for. */
export class RuleProblem extends TypeError {
  override readonly name = "RuleProblem";
}

/** The standing rules of a script. @throws {RuleProblem} when one does not begin with a line that it waits for */
export function rulesOf(script: Script): StandingRule[] {
  const rules: StandingRule[] = [];
  for (const block of standing(script.items)) {
    if (block.opener.type !== "whenever") continue;
    const items = block.branches[0]!.filter((item) => item.type !== "note");
    const [hears, ...does] = items;
    if (hears?.type !== "spoken") {
      throw new RuleProblem(
        `${script.file}:${block.at.line}: a rule begins with the line that it waits for, such as C: RCPT TO:<...`,
      );
    }
    const text = printOne(hears)[0]!;
    rules.push({ number: rules.length + 1, when: block.opener.when, hears, does, line: block.at.line, text });
  }
  return rules;
}

function* standing(items: readonly Item[]): Generator<Block> {
  for (const item of items) {
    if (item.type !== "block") continue;
    if (item.opener.type === "whenever") yield item;
    else for (const branch of item.branches) yield* standing(branch);
  }
}
