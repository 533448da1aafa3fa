import { describe, expect, test } from "vitest";
import type { Start } from "./mail-server/case.ts";
import { messageCases } from "./mail-server/messages.ts";
import { sessionCases } from "./mail-server/sessions.ts";

/** What every engine of a mail server does. */
const cases = { ...sessionCases, ...messageCases };

/**
 * Run every case on an engine.
 * @param exceptions what this engine cannot do, with the reason; each is shown to be still so, or it must be struck out
 */
export function mailServerContract(
  name: string,
  start: Start,
  exceptions: Readonly<Record<string, string>> = {},
): void {
  describe(`${name} keeps the contract of a mail server:`, () => {
    for (const [title, run] of Object.entries(cases)) {
      const reason = exceptions[title];
      if (reason === undefined) test(title, () => run(start));
      else test(`not: ${title} (${reason})`, async () => await expect(run(start)).rejects.toThrow());
    }
    test("lists no exception that is no case", () => {
      expect(Object.keys(exceptions).filter((title) => !(title in cases))).toEqual([]);
    });
  });
}
