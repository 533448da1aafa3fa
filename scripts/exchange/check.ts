import { tryExchange } from "../../clients/exchange/index.ts";
import { serveExchange } from "../../servers/exchange/index.ts";
import type { Loaded } from "../../wire/exchange/load.ts";
import { loadScript } from "../../wire/exchange/load.ts";
import { mutations } from "../../wire/exchange/mutate.ts";
import type { Outcome } from "../../wire/exchange/trace.ts";
import type { Item } from "../../wire/exchange/script.ts";
import type { ExchangeFlags, VerbRun } from "./flags.ts";
import { playOptions } from "./play.ts";
import { Reporter } from "./reporter.ts";

/**
 * Performs every file with itself, our server and our client in one process; with `--target` against that server. With
 * `--mutate` each line of the server is changed in turn, and the play has to fail: a line that can be changed asserts
 * nothing.
 */
export const check: VerbRun = async (files, flags) => {
  const reporter = new Reporter(flags.report, flags.quiet);
  const scripts = files.map((file) => loadScript(file));
  let survivors = 0;
  for (const loaded of scripts) {
    // A file of rules alone has nobody who speaks; that it parses is all there is to check.
    if (!connects(loaded.script.items)) {
      if (!flags.quiet)
        console.error(`${loaded.script.file}: it parses; of rules alone there is nothing to play`);
      continue;
    }
    const outcome = await performWithItself(loaded, loaded, flags);
    reporter.ended(outcome);
    if (!flags.mutate || outcome.failure !== undefined) continue;
    for (const mutation of mutations(loaded.script)) {
      const mutated = await performWithItself({ ...loaded, script: mutation.script }, loaded, {
        ...flags,
        timeout: 500,
      });
      if (mutated.failure !== undefined) continue;
      survivors++;
      console.error(
        `${loaded.script.file}:${mutation.line}: asserts nothing: '${mutation.before}' may be '${mutation.after}'`,
      );
    }
  }
  return reporter.finish() || (survivors > 0 ? 4 : 0);
};

/** Plays one script against another that is served, or against the target. */
export async function performWithItself(
  played: Loaded,
  servedScript: Loaded,
  flags: Pick<ExchangeFlags, "target" | "timeout"> & Partial<ExchangeFlags>,
): Promise<Outcome> {
  const timeoutMs = flags.timeout ?? 2000;
  const environment = (name: string): string | undefined => process.env[name];
  if (flags.target !== undefined)
    return await tryExchange(played, { ...playOptions(flags as ExchangeFlags), timeoutMs });
  await using served = await serveExchange(servedScript, { timeoutMs, environment });
  const outcome = await tryExchange(played, { target: served.url, timeoutMs, environment });
  if (outcome.failure !== undefined) return outcome;
  return await served.done.then(
    () => outcome,
    (error: { readonly outcome?: Outcome }) => error.outcome ?? outcome,
  );
}

function connects(items: readonly Item[]): boolean {
  return items.some((item) => item.type === "direction" && item.act.does === "connects");
}
