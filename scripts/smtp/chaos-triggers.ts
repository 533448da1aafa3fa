import type { ChaosTrigger } from "../../servers/dashboard/index.ts";
import { CommandError } from "../command-line/flags.ts";

const names = ["Sender", "Recipient", "Authentication"] as const;

/** `Sender:451:50,Recipient:550:10` as Mailpit's `--chaos-triggers` has it: what, reply code, percent. @throws CommandError */
export function chaosTriggers(
  given: string,
  name: string,
): readonly (readonly [(typeof names)[number], ChaosTrigger])[] {
  return given.split(",").map((one) => {
    const [, what = "", code = "", percent = ""] = /^(\w+):(\d{3}):(\d{1,3})$/.exec(one.trim()) ?? [];
    const trigger = names.find((known) => known.toLowerCase() === what.toLowerCase());
    const ErrorCode = Number(code);
    const Probability = Number(percent);
    if (trigger === undefined || ErrorCode < 400 || ErrorCode > 599 || Probability > 100) {
      throw new CommandError(
        `${name} is "${given}"; give ${names.join(", ")} with a code from 400 to 599 and a percentage: Sender:451:50`,
      );
    }
    return [trigger, { ErrorCode, Probability }];
  });
}
