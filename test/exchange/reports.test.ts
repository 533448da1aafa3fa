import { describe, expect, test } from "vitest";
import { jsonEnd, jsonEvent } from "../../wire/exchange/reports/json.ts";
import { junitReport } from "../../wire/exchange/reports/junit.ts";
import { tapReport } from "../../wire/exchange/reports/tap.ts";
import type { Outcome } from "../../wire/exchange/trace.ts";

const at = { file: "smtp/a.exchange", line: 3 };
const passed: Outcome = {
  file: "smtp/b.exchange",
  title: "all is <well> & #1",
  verb: "play",
  target: "smtp://127.0.0.1:25",
  ms: 12.3456,
  phases: [
    {
      title: "greet",
      startMs: 0,
      endMs: 1,
      notes: [],
      lines: [{ at, ms: 1, text: "S: 220 \x07hi", speaker: "S" }],
    },
  ],
  faults: ["rule at line 4, time 1"],
  warnings: [],
};
const failed: Outcome = {
  ...passed,
  file: at.file,
  title: "a",
  failure: {
    kind: "mismatch",
    summary: "differs at character 1",
    at,
    script: "S: 250",
    expected: "250",
    actual: '550 "\x1b[31m',
    differsAt: 0,
  },
};

test("TAP 14: a point for each file, a YAML block, no control character and no directive by accident", () => {
  expect(tapReport([passed, failed])).toBe(
    [
      "TAP version 14",
      "1..2",
      "ok 1 - smtp/b.exchange - all is <well> & \\#1",
      "  ---",
      "  duration_ms: 12.346",
      "  ...",
      "# fault: rule at line 4, time 1",
      "not ok 2 - smtp/a.exchange - a",
      "  ---",
      "  duration_ms: 12.346",
      '  message: "differs at character 1"',
      '  severity: "mismatch"',
      '  file: "smtp/a.exchange"',
      "  line: 3",
      '  expected: "250"',
      '  actual: "550 \\"␛[31m"',
      "  ...",
      "# fault: rule at line 4, time 1",
    ].join("\n"),
  );
});

test("JUnit: a suite for each folder, a case for each file, everything escaped", () => {
  const xml = junitReport([passed, failed]);
  expect(xml).toContain('<testsuite name="smtp" tests="2" failures="1" errors="0" skipped="0" time="0.025">');
  expect(xml).toContain('<testcase name="all is &lt;well&gt; &amp; #1" classname="smtp/b.exchange"');
  expect(xml).toContain('<failure type="mismatch" message="smtp/a.exchange:3 differs at character 1">FAIL');
  expect(xml).toContain("S: 220 ␇hi</system-out>");
  expect(xml).not.toMatch(/[\0-\x08\x0b-\x1f]/);
});

describe("NDJSON", () => {
  test("has an event for each line, phase and fault", () => {
    const events = [
      jsonEvent("f", { type: "phase", title: "greet", at }),
      jsonEvent("f", { type: "line", ...passed.phases[0]!.lines[0]! }),
      jsonEvent("f", { type: "fault", text: "x" }),
    ].map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events).toEqual([
      { event: "phase", file: "f", line: 3, title: "greet" },
      { event: "line", file: "smtp/a.exchange", line: 3, ms: 1, speaker: "S", text: "S: 220 ␇hi" },
      { event: "fault", file: "f", text: "x" },
    ]);
  });

  test("ends with how it went", () => {
    expect(JSON.parse(jsonEnd(failed))).toMatchObject({
      event: "end",
      passed: false,
      failure: { type: "mismatch", line: 3, expected: "250", actual: '550 "␛[31m', differsAt: 0 },
    });
    expect(JSON.parse(jsonEnd(passed))).toMatchObject({ passed: true, ms: 12.346 });
  });
});
