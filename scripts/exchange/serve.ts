import { serveExchange } from "../../servers/exchange/index.ts";
import { ExchangeFailure } from "../../wire/exchange/failure.ts";
import { CommandError } from "../command-line/flags.ts";
import type { VerbRun } from "./flags.ts";
import { Reporter } from "./reporter.ts";

/** Serves one file until its conversation is over, or with `--again` and `--many` until Ctrl-C. */
export const serve: VerbRun = async ([file, ...others], flags) => {
  if (file === undefined || others.length > 0)
    throw new CommandError("serve one file; others need a port of their own");
  const reporter = new Reporter(flags.report, flags.quiet);
  const served = await serveExchange(file, {
    host: flags.listen?.host ?? "127.0.0.1",
    port: flags.listen?.port ?? 0,
    repeat: flags.many ? "many" : flags.again ? "again" : "once",
    environment: (name) => process.env[name],
    tell: reporter.tell(file),
    onOutcome: (outcome) => reporter.ended(outcome),
    ...(flags.timeout === undefined ? {} : { timeoutMs: flags.timeout }),
    ...(flags.seed === undefined ? {} : { seed: flags.seed }),
  });
  if (flags.json) console.log(JSON.stringify({ listen: served.url }));
  else if (!flags.quiet && !flags.report.includes("json")) console.log(`${file} is served on ${served.url}`);
  const stop = (): void => void served.close();
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  try {
    await served.done;
  } catch (error) {
    // Nobody came before Ctrl-C: that is the end, not a failure.
    if (!(error instanceof ExchangeFailure)) return reporter.finish();
  } finally {
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  }
  return reporter.finish();
};
