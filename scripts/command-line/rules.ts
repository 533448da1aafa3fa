import { dialectOf } from "../../wire/exchange/dialects.ts";
import { loadScript } from "../../wire/exchange/load.ts";
import { headerOf } from "../../wire/exchange/script.ts";
import type { OptionsOf } from "../command-line.ts";
import { CommandError, values, wholeNumber, value } from "./flags.ts";

/** The flags of every server whose conversations can have faults. */
export const ruleFlags = {
  rules: values(
    { argument: "FILE.exchange", help: "faults: the (whenever) blocks of this script" },
    (given, name) => {
      if (!given.endsWith(".exchange"))
        throw new CommandError(`${name} is "${given}"; give a script whose name ends in .exchange`);
      return given;
    },
  ),
  seed: value(
    { argument: "NUMBER", help: "of the faults that happen by chance; the same number, the same faults" },
    wholeNumber,
  ),
} as const;

/**
 * Which of the servers that start together each file is about, by the dialect that it names (`dialect: ftp`, or the
 * scheme of its target).
 * @param dialects those that somebody speaks
 * @throws CommandError for a file that names none of them
 */
export function rulesByDialect<Name extends string>(
  files: readonly string[],
  dialects: readonly Name[],
): Readonly<Record<Name, string[]>> {
  const found = Object.fromEntries(dialects.map((name) => [name, [] as string[]])) as Record<Name, string[]>;
  for (const file of files) {
    const { script } = loadScript(file);
    const named = headerOf(script, "dialect") ?? dialectOf(headerOf(script, "target") ?? "")?.name;
    const dialect = dialects.find((name) => name === named);
    if (dialect === undefined) {
      const says = named === undefined ? "does not say whom its rules are about" : `is about ${named}`;
      throw new CommandError(`${file} ${says}; begin it with dialect: ${dialects.join(", or ")}`);
    }
    found[dialect].push(file);
  }
  return found;
}

/** What was asked of a server's faults. */
export type RuleFlags = OptionsOf<typeof ruleFlags>;
