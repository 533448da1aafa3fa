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

/** What was asked of a server's faults. */
export type RuleFlags = OptionsOf<typeof ruleFlags>;
