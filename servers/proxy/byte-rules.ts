import { FaultRules } from "../../wire/exchange/fault-rules.ts";
import type { FaultRule } from "../../wire/exchange/rule.ts";

/** Rules where nobody understands what is said. @throws TypeError for a rule about a message */
export function byteRules({
  rules,
  seed,
}: {
  readonly rules: readonly (FaultRule | string)[];
  readonly seed: number;
}): FaultRules {
  return new FaultRules({
    dialect: "raw",
    rules,
    seed,
    check: ({ isAboutBytes }) => {
      if (!isAboutBytes) throw new TypeError("a proxy only has faults on bytes; leave `on` out");
    },
  });
}
