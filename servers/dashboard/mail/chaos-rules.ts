import type { Rules } from "../../smtp/index.ts";
import type { Chaos, ChaosTrigger, ChaosTriggers } from "../options.ts";

const none: ChaosTrigger = { ErrorCode: 451, Probability: 0 };
const commands = { Sender: "MAIL", Recipient: "RCPT", Authentication: "AUTH" } as const;

/**
 * The triggers of `/api/v1/chaos` as rules of a mail server: each a reply to MAIL, RCPT or AUTH, with a probability.
 * @param rules `smtp.rules`
 * @param first the triggers of the start
 */
export function chaosRules(rules: Pick<Rules, "add">, first: Partial<ChaosTriggers> = {}): Chaos {
  let triggers: ChaosTriggers = { Sender: none, Recipient: none, Authentication: none };
  let takeOut = (): void => {};
  const set = (given: Partial<ChaosTriggers>): void => {
    takeOut();
    triggers = { Sender: none, Recipient: none, Authentication: none, ...given };
    takeOut = rules.add(
      ...(["Sender", "Recipient", "Authentication"] as const).flatMap((name) => {
        const { ErrorCode: code, Probability: percent } = triggers[name];
        if (percent === 0) return [];
        const text = `Chaos ${name.toLowerCase()} error`;
        return [{ on: commands[name], percent, fault: "reply", code, text } as const];
      }),
    );
  };
  set(first);
  return { get: () => triggers, set };
}
