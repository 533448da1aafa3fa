import { compileRule, type CompiledRule } from "./compile-rule.ts";
import type { Dialect, DialectName } from "./dialect.ts";
import { dialectNamed } from "./dialects.ts";
import { loadScript, prepare } from "./load.ts";
import type { FaultRule } from "./rule.ts";
import { headerOf } from "./script.ts";
import { compileScript } from "./whenever.ts";

/** How rules are made ready for one engine. */
export interface Compilation {
  /** How messages of written rules are compared. */
  readonly dialect: Dialect | DialectName;
  readonly isDatagrams: boolean;
  /** Gives the next free number. */
  readonly number: () => number;
  /** A script says which seed it wants. */
  readonly seeded: (seed: number) => void;
}

/**
 * Rules made ready to be asked. All of the language of rules and all faults come with this file, which is why the
 * engine loads it with the first rule.
 * @throws TypeError for a rule that makes no sense; ScriptError for a text that does not parse
 */
export function compileRules(
  rules: readonly (FaultRule | string)[],
  compilation: Compilation,
): CompiledRule[] {
  return rules.flatMap((rule) =>
    typeof rule === "string" ? compileText(rule, compilation) : [compileRule(rule, compilation.number())],
  );
}

function compileText(
  textOrPath: string,
  { dialect, isDatagrams, number, seeded }: Compilation,
): CompiledRule[] {
  const loaded = /^[^\n]+\.exchange$/.test(textOrPath)
    ? loadScript(textOrPath)
    : prepare(textOrPath, "rules");
  const seed = headerOf(loaded.script, "seed");
  if (seed !== undefined) seeded(Number(seed));
  return compileScript(
    loaded,
    typeof dialect === "string" ? dialectNamed(dialect)! : dialect,
    number,
    isDatagrams,
  );
}
