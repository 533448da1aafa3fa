import { resolve } from "node:path";
import { textReport } from "./reports/text.ts";
import type { Outcome } from "./trace.ts";

/** A performance that failed, as an error: its message is the report, its stack points at the line of the script. */
export class ExchangeFailure extends Error {
  override readonly name = "ExchangeFailure";
  readonly outcome: Outcome;

  constructor(outcome: Outcome) {
    const report = textReport(outcome);
    super(report);
    this.outcome = outcome;
    const at = outcome.failure?.at ?? { file: outcome.file, line: 1 };
    // Test runners read the place out of the stack; so the script is one click away.
    this.stack = `${this.name}: ${report}\n    at ${resolve(at.file)}:${at.line}:1`;
  }
}
