import { roundedText } from "./figure.ts";
import type { CaseResult, Goal, PeerStanding, Standing, Verdict } from "./harness.ts";
import { saturated } from "./harness.ts";

/** The results as one table for the terminal, and under it what a reader has to know about it. */
export function tableOf(results: readonly CaseResult[]): string {
  const head = ["case", "ours", "peer", "ratio", "spread", "CPU ratio", "goal", "met"];
  const rows = results.flatMap(rowsOf);
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]!.length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join("  ")
      .trimEnd();
  return [
    line(head),
    line(widths.map((width) => "─".repeat(width))),
    ...rows.map(line),
    "",
    ...notesOf(results),
  ].join("\n");
}

function rowsOf(result: CaseResult): string[][] {
  const rows: string[][] = [];
  const own = result.verdicts.filter((verdict) => verdict.goal.against === undefined);
  for (const verdict of own) rows.push(row(result, undefined, verdict));
  for (const peer of result.peers) {
    rows.push(
      row(
        result,
        peer,
        result.verdicts.find((verdict) => verdict.goal.against === peer.name),
      ),
    );
  }
  for (const verdict of result.verdicts) {
    const against = verdict.goal.against;
    if (against !== undefined && result.missing.includes(against)) rows.push(row(result, undefined, verdict));
  }
  if (rows.length === 0) rows.push(row(result, undefined, undefined));
  return rows.map((cells, index) => (index === 0 ? cells : ["", ...cells.slice(1)]));
}

function row(result: CaseResult, peer: PeerStanding | undefined, verdict: Verdict | undefined): string[] {
  const missing = verdict?.goal.against !== undefined && !peer;
  return [
    result.name,
    `${roundedText(result.ours.value.median)} ${result.unit}${loadMark(result.ours)}`,
    peer
      ? `${peer.name} ${roundedText(peer.value.median)}${loadMark(peer)}`
      : missing
        ? `${verdict.goal.against} (missing)`
        : "",
    peer ? roundedText(peer.ratio.median) : "",
    peer ? `${roundedText(peer.ratio.min)}–${roundedText(peer.ratio.max)}` : spread(result.ours),
    peer?.cpuRatio ? roundedText(peer.cpuRatio.median) : "",
    verdict ? goalText(verdict.goal, result.unit) : "",
    verdict ? verdictText(verdict) : "",
  ];
}

function spread({ value }: Standing): string {
  return `${roundedText(value.min)}–${roundedText(value.max)}`;
}

function loadMark(standing: Standing): string {
  return standing.busy && standing.busy.median < saturated
    ? ` °${Math.round(standing.busy.median * 100)}%`
    : "";
}

function goalText(goal: Goal, unit: string): string {
  const of = goal.against === undefined ? ` ${unit}` : "";
  if (goal.atLeast !== undefined) return `≥ ${goal.atLeast}${of}`;
  return `≤ ${goal.atMost}${of}`;
}

function verdictText(verdict: Verdict): string {
  if (verdict.judged === undefined) return "not measured";
  return `${verdict.isMet ? "yes" : "NO"}${verdict.isByCpu ? " (CPU)" : ""}`;
}

function notesOf(results: readonly CaseResult[]): string[] {
  const versions = new Map(
    results.flatMap((result) => [result.ours, ...result.peers].map((one) => [one.name, one.version])),
  );
  const missing = new Set(results.flatMap((result) => result.missing));
  const notes = [`measured: ${[...versions].map(([name, version]) => `${name} ${version}`).join(", ")}`];
  if (missing.size > 0) notes.push(`missing here: ${[...missing].join(", ")}`);
  notes.push(
    "ratio: ours divided by the peer's, median of the rounds. CPU ratio: the peer's CPU time per thing, by ours.",
    `°: the server had work in that part of the time only: its load generator or a wait was the bottleneck;`,
    "   where both had, the CPU ratio is judged.",
  );
  return notes;
}
