import { readFileSync } from "node:fs";
import type { PlayOptions } from "../../clients/exchange/index.ts";
import { tryExchange } from "../../clients/exchange/index.ts";
import { loadScript } from "../../wire/exchange/load.ts";
import type { ExchangeFlags, VerbRun } from "./flags.ts";
import { Reporter } from "./reporter.ts";

/** Plays every file, one after the other. */
export const play: VerbRun = async (files, flags) => {
  const reporter = new Reporter(flags.report, flags.quiet);
  // All of them are read first: a script that does not parse is told before anything is said.
  const scripts = files.map((file) => ({ file, script: loadScript(file) }));
  for (const { file, script } of scripts) {
    reporter.ended(await tryExchange(script, { ...playOptions(flags), tell: reporter.tell(file) }));
  }
  return reporter.finish();
};

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
