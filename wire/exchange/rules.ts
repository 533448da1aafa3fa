import { printOne } from "./print.ts";
import type { CountedRule, RuleBook } from "./rule-book.ts";
import type { Block, Item, Role, Script, Spoken, When } from "./script.ts";

/** A `(whenever …)` block: a standing rule with the line it waits for and what happens then. */
export interface StandingRule extends CountedRule {
  /** From 1, in the order of the file. */
  readonly number: number;
  readonly when: When;
  readonly hears: Spoken;
  readonly does: readonly Item[];
  readonly line: number;
  readonly text: string;
}

/**
 * The warnings of a script's rules that never fired.
 * @param them the side whose lines we hear; a rule about our own cannot fire
 */
export function warningsOf(book: RuleBook, them: Role): string[] {
  return book.unused
    .filter(({ hears }) => hears.speaker === them)
    .map((rule) => `the rule at line ${rule.line} never fired: ${rule.text}`);
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
