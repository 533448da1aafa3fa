import type { Rules } from "../../wire/exchange/rule.ts";
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
export async function rulesByDialect<Name extends string>(
  files: readonly string[],
  dialects: readonly Name[],
): Promise<Readonly<Record<Name, string[]>>> {
  const found = Object.fromEntries(dialects.map((name) => [name, [] as string[]])) as Record<Name, string[]>;
  if (files.length === 0) return found;
  // All of the language comes with these, and most starts have no rules.
  const [{ dialectOf }, { loadScript }, { headerOf }] = await Promise.all([
    import("../../wire/exchange/dialects.ts"),
    import("../../wire/exchange/load.ts"),
    import("../../wire/exchange/script.ts"),
  ]);
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

/** The rules of servers that were given the same: one of them has fired when it did anywhere. */
export function commonRules(servers: readonly Pick<Rules, "warnings">[]): Pick<Rules, "warnings"> {
  return {
    warnings: () => {
      const [first = [], ...others] = servers.map((server) => server.warnings());
      return first.filter((warning) => others.every((warnings) => warnings.includes(warning)));
    },
  };
}

/** What was asked of a server's faults. */
export type RuleFlags = OptionsOf<typeof ruleFlags>;
