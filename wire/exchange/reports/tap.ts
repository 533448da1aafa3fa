import { visible } from "../byte-string.ts";
import type { Outcome } from "../trace.ts";

/** A report in TAP 14: one test point for each file, with a YAML block that says what was wrong. */
export function tapReport(outcomes: readonly Outcome[]): string {
  const lines = ["TAP version 14", `1..${outcomes.length}`];
  for (const [index, outcome] of outcomes.entries()) {
    const name = escape(`${outcome.file} - ${outcome.title}`);
    const skip = outcome.skipped === undefined ? "" : ` # SKIP ${visible(outcome.skipped)}`;
    lines.push(`${outcome.failure === undefined ? "ok" : "not ok"} ${index + 1} - ${name}${skip}`);
    const facts: Record<string, string | number> = { duration_ms: Math.round(outcome.ms * 1000) / 1000 };
    const { failure } = outcome;
    if (failure !== undefined) {
      facts["message"] = visible(failure.summary);
      facts["severity"] = failure.kind;
      facts["file"] = failure.at.file;
      facts["line"] = failure.at.line;
      if (failure.expected !== undefined) facts["expected"] = visible(failure.expected);
      if (failure.actual !== undefined) facts["actual"] = visible(failure.actual);
      if (failure.hint !== undefined) facts["hint"] = visible(failure.hint);
    }
    lines.push(
      "  ---",
      ...Object.entries(facts).map(([key, value]) => `  ${key}: ${JSON.stringify(value)}`),
      "  ...",
    );
    for (const text of [...outcome.faults.map((fault) => `fault: ${fault}`), ...outcome.warnings]) {
      lines.push(`# ${visible(text)}`);
    }
  }
  return lines.join("\n");
}

/** A `#` would begin a directive such as TODO. */
function escape(name: string): string {
  return visible(name).replaceAll("\\", "\\\\").replaceAll("#", "\\#");
}
