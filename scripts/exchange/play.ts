import { readFileSync, writeFileSync } from "node:fs";
import type { PlayOptions } from "../../clients/exchange/index.ts";
import { tryExchange } from "../../clients/exchange/index.ts";
import { loadScript } from "../../wire/exchange/load.ts";
import type { Outcome } from "../../wire/exchange/trace.ts";
import { update } from "../../wire/exchange/update.ts";
import type { ExchangeFlags, VerbRun } from "./flags.ts";
import { Reporter } from "./reporter.ts";

/** Plays every file, one after the other. */
export const play: VerbRun = async (files, flags) => {
  const reporter = new Reporter(flags.report, flags.quiet);
  // All of them are read first: a script that does not parse is told before anything is said.
  const scripts = files.map((file) => ({ file, script: loadScript(file) }));
  for (const { file, script } of scripts) {
    const options = { ...playOptions(flags), tell: reporter.tell(file) };
    reporter.ended(
      flags.update ? await playAndUpdate(file, options, flags) : await tryExchange(script, options),
    );
  }
  return reporter.finish();
};

/** Lines of one file that are rewritten at most: a server that says something else each time is not to be caught. */
const maxUpdates = 500;

/** Plays a file until it passes, and after each line that differs writes down what the server said. */
async function playAndUpdate(file: string, options: PlayOptions, flags: ExchangeFlags): Promise<Outcome> {
  const seen = new Set<string>();
  for (let count = 0; ; count++) {
    const outcome = await tryExchange(loadScript(file), options);
    if (outcome.failure === undefined || count === maxUpdates) return outcome;
    const updated = update(readFileSync(file, "utf8"), file, flags.target ?? "", outcome.failure);
    // The same text twice: what the server says changes with every play.
    if (updated === undefined || seen.has(updated)) return outcome;
    seen.add(updated);
    writeFileSync(file, updated);
    if (!flags.quiet) console.log(`${file}:${outcome.failure.at.line} rewritten`);
  }
}

/** The options of the player that flags mean. A person's own scripts may see the environment. */
export function playOptions(flags: ExchangeFlags): PlayOptions {
  return {
    environment: (name) => process.env[name],
    ...(flags.target === undefined ? {} : { target: flags.target }),
    ...(flags.timeout === undefined ? {} : { timeoutMs: flags.timeout }),
    ...(flags.seed === undefined ? {} : { seed: flags.seed }),
    ...(flags.ca === undefined ? {} : { ca: readFileSync(flags.ca, "utf8") }),
  };
}
