import { dirname } from "node:path";
import { visible } from "../byte-string.ts";
import type { Outcome } from "../trace.ts";
import { textReport } from "./text.ts";

/** A report in JUnit's XML: a suite for each folder, a case for each file, the conversation in `system-out`. */
export function junitReport(outcomes: readonly Outcome[]): string {
  const suites = Map.groupBy(outcomes, (outcome) => dirname(outcome.file));
  const lines = ['<?xml version="1.0" encoding="UTF-8"?>', `<testsuites ${totals(outcomes)}>`];
  for (const [folder, inside] of suites) {
    lines.push(
      `  <testsuite name="${escape(folder)}" ${totals(inside)}>`,
      ...inside.flatMap(testCase),
      "  </testsuite>",
    );
  }
  lines.push("</testsuites>", "");
  return lines.join("\n");
}

function totals(outcomes: readonly Outcome[]): string {
  const failures = outcomes.filter((outcome) => outcome.failure !== undefined).length;
  const skipped = outcomes.filter((outcome) => outcome.skipped !== undefined).length;
  const ms = outcomes.reduce((sum, outcome) => sum + outcome.ms, 0);
  return `tests="${outcomes.length}" failures="${failures}" errors="0" skipped="${skipped}" time="${(ms / 1000).toFixed(3)}"`;
}

function testCase(outcome: Outcome): string[] {
  const head = `    <testcase name="${escape(outcome.title)}" classname="${escape(outcome.file)}"`;
  const lines = [`${head} file="${escape(outcome.file)}" time="${(outcome.ms / 1000).toFixed(3)}">`];
  const { failure } = outcome;
  if (failure !== undefined) {
    const place = `${failure.at.file}:${failure.at.line}`;
    const message = escape(`${place} ${visible(failure.summary)}`);
    lines.push(
      `      <failure type="${failure.kind}" message="${message}">${escape(textReport(outcome))}</failure>`,
    );
  }
  if (outcome.skipped !== undefined)
    lines.push(`      <skipped message="${escape(visible(outcome.skipped))}"/>`);
  const said = outcome.phases.flatMap((phase) => [
    ...(phase.title === "" ? [] : [`# ${visible(phase.title)}`]),
    ...phase.lines.map((line) => `${line.ms.toFixed(1).padStart(10)} ms ${visible(line.text)}`),
  ]);
  lines.push(`      <system-out>${escape(said.join("\n"))}</system-out>`, "    </testcase>");
  return lines;
}

/** XML 1.0 has no control characters at all; those of a report are pictures already. */
function escape(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
  };
  return text
    .replaceAll(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]/g, "\ufffd")
    .replaceAll(/[&<>"]/g, (c) => entities[c]!);
}
