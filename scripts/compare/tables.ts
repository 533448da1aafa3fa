import type { Comparison } from "./comparison.ts";
import { reference } from "./transports.ts";
import { bytesText, microsecondsText, millisecondsText, ratioText } from "./units.ts";

/** A table of the comparison, in words. The first column says what a row is. */
export interface Table {
  readonly title: string;
  /** What has to be known about it; often nothing. */
  readonly note: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Columns, beside the first one, that hold words and no figures. */
  readonly words?: readonly string[];
}

/** All tables, in the order to read them. */
export function tablesOf(comparison: Comparison): Table[] {
  return [
    echoTable(comparison),
    pushTable(comparison),
    firstAnswerTable(comparison),
    faultTable(comparison),
    complexityTable(comparison),
  ];
}

function echoTable({ echoes }: Comparison): Table {
  const base = echoes.find(({ name }) => name === reference)?.p50Ms;
  return {
    title: "A message and its answer",
    note: "",
    head: [
      "",
      "p50",
      `of ${reference}`,
      "p99",
      "a second",
      "bytes",
      "packets",
      "to open",
      "CPU client",
      "server",
      "idle",
    ],
    rows: echoes.map((echo) => [
      echo.title,
      millisecondsText(echo.p50Ms),
      base === undefined ? "" : ratioText(echo.p50Ms / base),
      millisecondsText(echo.p99Ms),
      Math.round(echo.perSecond).toString(),
      Math.round(echo.perMessage.bytes).toString(),
      packetsText(echo.perMessage.packets),
      echo.setUp ? `${echo.setUp.bytes} B, ${packetsText(echo.setUp.packets)}` : "",
      microsecondsText(echo.clientCpuUs),
      microsecondsText(echo.serverCpuUs),
      echo.idleBytes === undefined ? "" : bytesText(echo.idleBytes),
    ]),
  };
}

function pushTable({ pushes }: Comparison): Table {
  return {
    title: "The server has news",
    note: "",
    head: ["", "late p50", "p99", "bytes an event", "packets", "bytes a second"],
    rows: pushes.map(({ title, late, perEvent, bytesPerSecond }) => [
      title,
      millisecondsText(late.p50),
      millisecondsText(late.p99),
      Math.round(perEvent.bytes).toString(),
      packetsText(perEvent.packets),
      Math.round(bytesPerSecond).toString(),
    ]),
  };
}

function firstAnswerTable({ firstAnswers }: Comparison): Table {
  return {
    title: "From nothing to the first answer",
    note: `over ${firstAnswers.link}`,
    head: ["", "takes", "round trips", "by the standards"],
    rows: firstAnswers.rows.map(({ title, milliseconds, roundTrips, expected }) => [
      title,
      millisecondsText(milliseconds),
      String(roundTrips),
      String(expected),
    ]),
  };
}

function faultTable({ faults }: Comparison): Table {
  return {
    title: "What an application sees when something goes wrong",
    note: "",
    head: ["", "over", "sees", "after", "and has to"],
    words: ["over", "sees", "and has to"],
    rows: faults.map(({ fault, title, saw, afterMs, must }, index) => [
      faults[index - 1]?.fault === fault ? "" : fault,
      title,
      saw,
      afterMs === undefined ? "" : millisecondsText(afterMs),
      faults[index - 1]?.fault === fault ? "" : must,
    ]),
  };
}

function complexityTable({ complexities }: Comparison): Table {
  return {
    title: "Lines for a client and a server of the echo",
    note: "and in the files beside them that they import",
    head: ["", "on Node alone", "with Portside", "files"],
    words: ["files"],
    rows: complexities.map(({ title, bare, portside }) => [
      title,
      String(bare.lines),
      portside ? String(portside.lines) : "",
      [bare.files[0], portside?.files[0]].filter(Boolean).join("  "),
    ]),
  };
}

function packetsText(packets: number | undefined): string {
  return packets === undefined ? "–" : packets.toFixed(packets % 1 < 0.05 || packets % 1 > 0.95 ? 0 : 1);
}
