import { describe, expect, test } from "vitest";
import { dialogue } from "../ftp/dialogue.ts";
import { type Case, type Start, theFiles, theUsers } from "./file-server/case.ts";
import { commandCases } from "./file-server/commands.ts";
import { transferCases } from "./file-server/transfers.ts";

/** What every engine of a file server does, in raw commands. */
const cases: Readonly<Record<string, Case>> = { ...commandCases, ...transferCases };

/** A reply that takes longer never comes. */
const patienceMs = 2_000;

/**
 * Run every case on an engine.
 * @param exceptions what this engine cannot do, with what it does; each is shown to be still so, or it must be struck out
 */
export function fileServerContract(
  name: string,
  start: Start,
  exceptions: Readonly<Record<string, string>> = {},
): void {
  describe(`${name} keeps the contract of a file server:`, () => {
    for (const [title, run] of Object.entries(cases)) {
      const reason = exceptions[title];
      if (reason === undefined) test(title, () => attempt(run, start));
      else test(`not: ${title} (${reason})`, async () => await expect(attempt(run, start)).rejects.toThrow());
    }
    test("lists no exception that is no case", () => {
      expect(Object.keys(exceptions).filter((title) => !(title in cases))).toEqual([]);
    });
  });
}

async function attempt(run: Case, start: Start): Promise<void> {
  await using ftp = await start({ files: theFiles, users: theUsers, failedLoginDelayMs: 0 });
  await using client = await dialogue(ftp);
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`not within ${patienceMs} ms`)), patienceMs);
  const running = run({ ftp, client, login: () => client.login("ann", "secret") });
  // When the time is up the connection is closed, and with it ends what the case waits for.
  running.catch(() => {});
  try {
    await Promise.race([running, late]);
  } finally {
    clearTimeout(timer);
  }
}
