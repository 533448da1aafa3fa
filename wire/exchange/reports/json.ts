import { visible } from "../byte-string.ts";
import type { Outcome, TraceEvent } from "../trace.ts";

/** One event of a running performance as a line of NDJSON: `line`, `phase`, `fault`. */
export function jsonEvent(file: string, event: TraceEvent): string {
  if (event.type === "phase")
    return JSON.stringify({ event: "phase", file, line: event.at.line, title: event.title });
  if (event.type === "fault") return JSON.stringify({ event: "fault", file, text: visible(event.text) });
  const { at, ms, text, speaker } = event;
  return JSON.stringify({
    event: "line",
    file: at.file,
    line: at.line,
    ms: round(ms),
    speaker,
    text: visible(text),
  });
}

/** The last event of a performance: `end`. */
export function jsonEnd(outcome: Outcome): string {
  const { file, title, verb, target, ms, faults, warnings, failure, skipped } = outcome;
  return JSON.stringify({
    event: "end",
    file,
    title,
    verb,
    target,
    ms: round(ms),
    passed: failure === undefined && skipped === undefined,
    ...(skipped === undefined ? {} : { skipped: visible(skipped) }),
    faults: faults.map(visible),
    warnings: warnings.map(visible),
    ...(failure === undefined
      ? {}
      : {
          failure: {
            type: failure.kind,
            summary: visible(failure.summary),
            file: failure.at.file,
            line: failure.at.line,
            script: failure.script,
            ...(failure.expected === undefined ? {} : { expected: visible(failure.expected) }),
            ...(failure.actual === undefined ? {} : { actual: visible(failure.actual) }),
            ...(failure.differsAt === undefined ? {} : { differsAt: failure.differsAt }),
            ...(failure.hint === undefined ? {} : { hint: failure.hint }),
          },
        }),
  });
}

function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
