import { visible } from "../byte-string.ts";
import type { DeviationFacts, Outcome, Phase, TraceLine } from "../trace.ts";

/**
 * A report for people. Finished phases are one line each; of the last one the conversation is shown, then the line of
 * the script that was not met, what came instead, and where it first differs. Control bytes are never printed raw.
 */
export function textReport(outcome: Outcome): string {
  const { failure } = outcome;
  const tail = `${outcome.verb} ${outcome.target}`;
  if (outcome.skipped !== undefined)
    return `SKIP  ${outcome.file}   ${outcome.title}   ${visible(outcome.skipped)}`;
  if (failure === undefined) {
    const lines = [`PASS  ${outcome.file}   ${outcome.title}   ${duration(outcome.ms)}`];
    for (const fault of outcome.faults) lines.push(`  fault: ${visible(fault)}`);
    for (const warning of outcome.warnings) lines.push(`  warning: ${visible(warning)}`);
    return lines.join("\n");
  }
  const head = `FAIL  ${failure.at.file}:${failure.at.line}   ${visible(failure.summary)}`;
  const lines = [`${head.padEnd(80)}   ${tail}`, ""];
  lines.push(...outcome.phases.slice(0, -1).map(collapsed));
  const last = outcome.phases.at(-1);
  if (last !== undefined) {
    if (last.title !== "") lines.push(`  # ${visible(last.title)}${notes(last)}`);
    const shown = last.lines.slice(-12);
    if (shown.length < last.lines.length) lines.push(`     … ${last.lines.length - shown.length} lines`);
    lines.push(...shown.map(traceLine));
  }
  lines.push(`  ${" ".repeat(10)} ${String(failure.at.line).padStart(5)} > ${visible(failure.script)}`, "");
  lines.push(...explanation(failure));
  for (const fault of outcome.faults) lines.push(`  fault           ${visible(fault)}`);
  for (const warning of outcome.warnings) lines.push(`  warning         ${visible(warning)}`);
  return lines.join("\n");
}

function collapsed(phase: Phase): string {
  const title = phase.title === "" ? "(the beginning)" : `# ${visible(phase.title)}`;
  const count = `${phase.lines.length} line${phase.lines.length === 1 ? " " : "s"}`;
  return `  ${title.padEnd(44)} ${count.padStart(9)} ${duration(phase.endMs - phase.startMs).padStart(8)}${notes(phase)}`;
}

function notes(phase: Phase): string {
  return phase.notes.length === 0 ? "" : `   (${phase.notes.map(visible).join(", ")})`;
}

function traceLine(line: TraceLine): string {
  const text = line.text.length > 200 ? `${line.text.slice(0, 200)}…` : line.text;
  return `  ${`${line.ms.toFixed(1)} ms`.padStart(10)} ${String(line.at.line).padStart(5)} | ${visible(text)}`;
}

function explanation(failure: DeviationFacts): string[] {
  const lines: string[] = [];
  if (failure.missing !== undefined) {
    lines.push(...columns("the reply was", (failure.actual ?? "").split("\n")));
    lines.push(...columns("missing", [failure.missing]));
  } else if (failure.actual !== undefined && failure.actual.length > 0) {
    if (failure.expected !== undefined) lines.push(...columns("expected", failure.expected.split("\n")));
    lines.push(...difference(failure.actual, failure.differsAt));
  } else if (failure.expected !== undefined) lines.push(...columns("expected", failure.expected.split("\n")));
  for (const detail of failure.details ?? []) lines.push(`  ${visible(detail)}`);
  if (failure.hint !== undefined) lines.push(...columns("hint", [failure.hint]));
  return lines;
}

function columns(name: string, texts: readonly string[]): string[] {
  return texts.slice(0, 12).map((text, index) => {
    const shown = text.length > 240 ? `${text.slice(0, 240)}…` : text;
    return `  ${(index === 0 ? name : "").padEnd(16)}${visible(shown)}`;
  });
}

/** What came, a caret under the first wrong character, and the bytes around it. */
function difference(actual: string, at: number | undefined): string[] {
  if (at === undefined) return columns("actual", actual.split("\n"));
  const from = Math.max(0, actual.lastIndexOf("\n", at - 1) + 1, at - 60);
  const until = actual.indexOf("\n", at);
  const row = actual.slice(from, until === -1 ? undefined : until);
  const caret = visible(actual.slice(from, at)).length;
  const lines = columns("actual", [row]);
  lines.push(`  ${" ".repeat(16 + caret)}^`);
  if (/[^\x20-\x7e]/.test(actual.slice(Math.max(0, at - 16), at + 16))) lines.push(...dump(actual, at));
  return lines;
}

function dump(bytes: string, at: number): string[] {
  const from = at - (at % 16);
  const row = Array.from(bytes.slice(from, from + 16), (c) => c.charCodeAt(0));
  const hex = row.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
  const text = row.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".")).join("");
  return [
    `     ${from.toString(16).padStart(4, "0")}  ${hex.padEnd(47)}  |${text}|`,
    `           ${" ".repeat(3 * (at - from))}^^`,
  ];
}

/** A time as people read it. */
export function duration(ms: number): string {
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  return ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
