import type { Comparison } from "./comparison.ts";
import { type Table, tablesOf } from "./tables.ts";

/** The comparison as text for a terminal. */
export function comparisonText(comparison: Comparison): string {
  const { machine, node, messageBytes, link } = comparison;
  return [
    `${machine}, Node ${node}; ${messageBytes}-byte messages over ${link}`,
    ...tablesOf(comparison).flatMap((table) => ["", titleOf(table), columns(table)]),
    "",
    ...reading,
  ].join("\n");
}

function titleOf({ title, note }: Table): string {
  return note === "" ? title : `${title}, ${note}`;
}

/** What the figures say, and what they do not. */
export const reading = [
  "What WebSocket saves is handshakes, headers and polling. Against HTTP that is kept alive, an answer over a distance",
  "takes the same time; for news in one direction server-sent events do the same; plain TCP is a little less of",
  "everything, and UDP less still, and gives up order, repetition and flow control. Bytes, packets and round trips are",
  "the same on every machine; times, rates, CPU time and memory are this machine's.",
];

/** A table whose first and last column stand left when they are words, and the others right. */
function columns({ head, rows, words = [] }: Table): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]!.length)),
  );
  const isWord = head.map((title, column) => column === 0 || words.includes(title));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (isWord[column] ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join("  ")
      .trimEnd();
  return [line(head), ...rows.map(line)].map((text) => `  ${text}`).join("\n");
}
