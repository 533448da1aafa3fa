import type { Turn } from "../../wire/session.ts";
import { withDeadline } from "./deadline.ts";
import type { Decision } from "./decisions.ts";
import { refuse, type Reply } from "./reply.ts";

/** What follows of a decision. */
export interface Consequences {
  /** It was accepted, with the reply that the callback wants. */
  readonly accept: (reply: Reply | undefined) => Turn | Promise<Turn>;
  readonly deny: (reply: Reply) => Turn;
}

/**
 * Ask a callback.
 * @param ask calls it
 * @param timeoutMs after which nobody waits for it any longer: 451, as when it throws
 */
export function decide(
  ask: () => Decision | Promise<Decision> | undefined,
  { accept, deny }: Consequences,
  timeoutMs: number,
): Turn | Promise<Turn> {
  const settle = (decision: Decision): Turn | Promise<Turn> => {
    const reply = decision ?? undefined;
    return reply && reply.code >= 400 ? deny(reply) : accept(reply);
  };
  const fail = (error: unknown): Turn =>
    deny(
      refuse(451, `a callback failed: ${error instanceof Error ? error.message : String(error)}`, "4.3.0"),
    );
  try {
    const asked = ask();
    if (!(asked instanceof Promise)) return settle(asked);
    return withDeadline(asked, timeoutMs).then(settle, fail);
  } catch (error) {
    return fail(error);
  }
}
