import { writeFileSync } from "node:fs";
import { jsonEnd, jsonEvent } from "../../wire/exchange/reports/json.ts";
import { junitReport } from "../../wire/exchange/reports/junit.ts";
import { tapReport } from "../../wire/exchange/reports/tap.ts";
import { duration, textReport } from "../../wire/exchange/reports/text.ts";
import type { Outcome, TraceEvent } from "../../wire/exchange/trace.ts";
import { CommandError } from "../command-line/flags.ts";

/** Tells how performances go, in the ways that were asked for. */
export class Reporter {
  readonly outcomes: Outcome[] = [];
  readonly #console: string;
  readonly #junit: readonly string[];
  readonly #isQuiet: boolean;

  /** @throws CommandError for a kind that there is not */
  constructor(kinds: readonly string[], isQuiet: boolean) {
    const onConsole = kinds.filter((kind) => !kind.startsWith("junit="));
    const wrong = onConsole.find((kind) => !["text", "tap", "json"].includes(kind));
    if (wrong !== undefined)
      throw new CommandError(`--report ${wrong}: there are text, tap, json and junit=FILE`);
    this.#console = onConsole.at(-1) ?? "text";
    this.#junit = kinds.filter((kind) => kind.startsWith("junit=")).map((kind) => kind.slice(6));
    this.#isQuiet = isQuiet;
  }

  tell(file: string): (event: TraceEvent) => void {
    return (event) => {
      if (this.#console === "json") console.log(jsonEvent(file, event));
    };
  }

  ended(outcome: Outcome): void {
    this.outcomes.push(outcome);
    if (this.#console === "json") console.log(jsonEnd(outcome));
    else if (this.#console === "text" && (!this.#isQuiet || outcome.failure !== undefined)) {
      console.log(textReport(outcome));
    }
  }

  /** Writes what is written at the end; gives the exit code. */
  finish(): number {
    const failed = this.outcomes.filter((outcome) => outcome.failure !== undefined);
    const ms = this.outcomes.reduce((sum, outcome) => sum + outcome.ms, 0);
    if (this.#console === "tap") console.log(tapReport(this.outcomes));
    else if (this.#console === "text" && !this.#isQuiet) {
      const skipped = this.outcomes.filter((outcome) => outcome.skipped !== undefined).length;
      const passed = this.outcomes.length - failed.length - skipped;
      const left = skipped === 0 ? "" : `, ${skipped} skipped`;
      console.log(
        `${this.outcomes.length} ${this.outcomes.length === 1 ? "file" : "files"}: ${passed} passed, ${failed.length} failed${left}, ${duration(ms)}`,
      );
    }
    for (const file of this.#junit) writeFileSync(file, junitReport(this.outcomes));
    if (failed.length === 0) return 0;
    return failed.every((outcome) => ["connect", "tls"].includes(outcome.failure!.kind)) ? 3 : 4;
  }
}
