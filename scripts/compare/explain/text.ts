import type { Field } from "../../../wire/anatomy.ts";
import type { Explained } from "../explain.ts";
import { millisecondsText } from "../units.ts";
import type { Heard } from "./recording.ts";

/** How text is coloured: `styleText` for a terminal, nothing for a file. */
export type Paint = (style: "bold" | "dim" | "cyan" | "green" | "yellow", text: string) => string;

/** Of a long part, so many bytes are written out. */
const mostDumped = 64;
const rowBytes = 16;

/** The exchanges as text for a terminal: each with its bytes and a word on each field, and all in one table at the end. */
export function explainedText(
  explained: readonly Explained[],
  message: string,
  width: number,
  paint: Paint,
): string {
  return [
    ...explained.flatMap((one) => exchangeLines(one, width, paint)),
    ...summaryLines(explained, message, width, paint),
  ].join("\n");
}

function exchangeLines(
  { title, about, below, parts, bytes, tookMs, failure }: Explained,
  width: number,
  paint: Paint,
): string[] {
  return [
    paint("bold", `── ${title} ${"─".repeat(Math.max(0, width - title.length - 4))}`),
    ...wrapped(about, width),
    ...wrapped(below, width).map((line) => paint("dim", line)),
    ...parts.flatMap((heard) => ["", ...partLines(heard, width, paint)]),
    "",
    ...(failure === undefined ? [] : wrapped(`It went wrong: ${failure}`, width)),
    paint(
      "dim",
      `to the server ${bytes.client} bytes, to the client ${bytes.server}, in ${millisecondsText(tookMs)}`,
    ),
    "",
  ];
}

function partLines({ channel, from, atMs, part }: Heard, width: number, paint: Paint): string[] {
  const colour = from === "client" ? "cyan" : "green";
  const sign = from === "client" ? "client →" : "← server";
  const place = channel === "connection" || channel === "datagrams" ? "" : ` (${channel})`;
  const nameWidth = Math.max(...part.fields.map(({ name }) => name.length), 0);
  const sources = [...new Set(part.fields.map(({ source }) => source))].filter((source) => source !== "");
  return [
    `${paint(colour, sign)} ${paint("dim", millisecondsText(atMs))}${place}  ${paint("bold", part.title)}`,
    ...dump(part.bytes).map((line) => paint(colour, line)),
    ...part.fields.flatMap((field) => fieldLines(field, part.bytes, nameWidth, width, paint)),
    ...wrapped(sourcesText(sources), width - 4).map((line) => paint("dim", `    ${line}`)),
  ];
}

/** Bytes as hexadecimal, and as text where they can be seen. */
function dump(bytes: Buffer): string[] {
  const lines: string[] = [];
  for (let at = 0; at < Math.min(bytes.length, mostDumped); at += rowBytes) {
    const row = bytes.subarray(at, Math.min(at + rowBytes, mostDumped));
    const text = row.toString("latin1").replaceAll(/[^ -~]/g, "·");
    lines.push(
      `    ${at.toString(16).padStart(4, "0")}  ${spacedHex(row).padEnd(rowBytes * 3 - 1)}  ${text}`,
    );
  }
  if (bytes.length > mostDumped) lines.push(`    …     and ${bytes.length - mostDumped} bytes more`);
  return lines;
}

/** How wide the column of bytes is: four of them, or eight bits. */
const bytesWidth = 11;

function fieldLines(field: Field, bytes: Buffer, nameWidth: number, width: number, paint: Paint): string[] {
  const { name, offset, value, meaning, bits } = field;
  const indent = 4 + 4 + 2 + bytesWidth + 2 + nameWidth + 2;
  const said = bits || meaning === "" ? [] : [meaning];
  const text = bits ? meaning : value;
  const shown = [...wrapped(text, width - indent), ...said.flatMap((line) => wrapped(line, width - indent))];
  const isValue = bits ? 0 : wrapped(text, width - indent).length;
  return shown.map((line, index) => {
    const left =
      index === 0
        ? `    ${String(offset).padStart(4)}  ${paint("yellow", bytesOf(field, bytes).padEnd(bytesWidth))}  ${name.padEnd(nameWidth)}  `
        : " ".repeat(indent);
    return `${left}${index < isValue ? line : paint("dim", line)}`;
  });
}

/** `1... ....` for bits, `37 fa 21 3d` for bytes, `47 45 54 …` for many. */
function bytesOf({ offset, length, bits, value }: Field, bytes: Buffer): string {
  if (bits) {
    const all = `${".".repeat(bits.first)}${value}`.padEnd(8, ".");
    return `${all.slice(0, 4)} ${all.slice(4)}`;
  }
  const own = bytes.subarray(offset, offset + length);
  return own.length > 4 ? `${spacedHex(own.subarray(0, 3))} …` : spacedHex(own);
}

function spacedHex(bytes: Buffer): string {
  return bytes.toString("hex").replaceAll(/(..)(?=.)/g, "$1 ");
}

/** `RFC 6455 section 5.1, 5.2; RFC 768` */
function sourcesText(sources: readonly string[]): string {
  const byStandard = Map.groupBy(sources, (source) => source.split(" section ")[0] ?? source);
  return Array.from(byStandard, ([standard, all]) => {
    const sections = all.map((source) => source.split(" section ")[1]).filter((section) => section);
    return sections.length === 0 ? standard : `${standard} section ${sections.join(", ")}`;
  }).join("; ");
}

function summaryLines(
  explained: readonly Explained[],
  message: string,
  width: number,
  paint: Paint,
): string[] {
  const bytes = Buffer.byteLength(message);
  const rows = explained.map(({ title, bytes: { client, server }, parts, tookMs, failure }) => [
    title,
    String(client),
    String(server),
    String(parts.filter(({ part }) => part.bytes.length > 0).length),
    failure === undefined ? millisecondsText(tookMs) : "failed",
  ]);
  const table = [["", "to server", "to client", "parts", "took"], ...rows];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  return [
    paint("bold", `The same ${bytes} bytes, once each, with connecting and goodbye`),
    ...table.map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
        .join("  ")
        .trimEnd(),
    ),
    ...wrapped(
      "Bytes of the streams and datagrams themselves; a second message over the same connection costs its own frame alone. Times are of one run, servers and relay in one process.",
      width,
    ).map((line) => paint("dim", line)),
  ];
}

/** Lines of at most `width`; a word that is longer is cut. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").flatMap((word) => cut(word, width))) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return line === "" ? lines : [...lines, line];
}

function cut(word: string, width: number): string[] {
  return word.match(new RegExp(`.{1,${Math.max(width, 1)}}`, "gsu")) ?? [];
}
