import { bytesOf, textOf } from "./byte-string.ts";
import type {
  Act,
  Duration,
  Expression,
  Header,
  Item,
  Opener,
  Part,
  Payload,
  Script,
  Slot,
  Spoken,
  Term,
  When,
} from "./script.ts";

/**
 * A script as text. `print(parse(x))` is `x`, but for this normal form: LF line ends; no trailing blanks; one empty
 * line where there were several, none at the head of a file or block or before its end; two blanks of indentation for
 * each block and one step more for continuation lines; header values in one column; string escapes and blanks of
 * expressions spelled one way; `(whenever 2 times)` as `(whenever first 2 times)`.
 */
export function print(script: Script): string {
  const heads = script.items.filter((item) => item.type === "header").map((item) => headName(item).length);
  const column = Math.max(0, ...heads);
  const lines = script.items.flatMap((item) => printItem(item, "", column));
  if (lines.length > 0 && script.attachments.length > 0) lines.push("");
  for (const attachment of script.attachments) {
    lines.push(`-- ${attachment.name} --`);
    // Its lines are kept verbatim, empty ones included.
    lines.push(...attachment.text.split("\n").slice(0, -1));
  }
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

/** The lines of one item, as the printer would write them without indentation. */
export function printOne(item: Item): string[] {
  return printItem({ ...item, gap: false }, "", 0);
}

function printItem(item: Item, indent: string, column: number): string[] {
  const lines = item.gap ? [""] : [];
  switch (item.type) {
    case "header":
      lines.push(`${headName(item).padEnd(column)} ${item.text}`);
      break;
    case "binding":
      lines.push(
        `${indent}${item.secret ? "secret" : "let   "} ${item.name} = ${printExpression(item.expression)}`,
      );
      break;
    case "note":
      lines.push(`${indent}#${item.text}`);
      break;
    case "spoken":
      lines.push(...printSpoken(item, indent));
      break;
    case "direction":
      lines.push(`${indent}(${printAct(item.act)})`);
      break;
    case "block":
      for (const [index, branch] of item.branches.entries()) {
        lines.push(`${indent}(${index === 0 ? printOpener(item.opener) : "or"})`);
        lines.push(...branch.flatMap((inner) => printItem(inner, `${indent}  `, column)));
      }
      lines.push(`${indent}(end)`);
      break;
  }
  return lines;
}

function headName(header: Header): string {
  return `${header.key}${header.connection === undefined ? "" : `@${header.connection}`}:`;
}

function printSpoken(item: Spoken, indent: string): string[] {
  const connection = item.connection === undefined ? "" : `@${item.connection}`;
  const kind = item.kind === "" ? "" : ` ${item.kind}`;
  const head = `${indent}${item.speaker}${connection}${item.mark}${kind}:`;
  const lines = printPayload(item.payload);
  const deeper = item.payload.below ? lines : lines.slice(1);
  const first = item.payload.below || lines[0] === "" ? head : `${head} ${lines[0]}`;
  return [first, ...deeper.map((line) => (line === "" ? "" : `${indent}  ${line}`))];
}

/** The lines of a payload, holes included. */
export function printPayload(payload: Payload): string[] {
  const lines = payload.lines.map((parts) => parts.map(printPart).join(""));
  if (payload.rest) lines.push(`${lines.pop() ?? ""}...`);
  return lines;
}

function printPart(part: Part): string {
  if (part.type === "literal") return part.text;
  return `\${${part.type === "slot" ? printSlot(part) : printExpression(part.expression)}}`;
}

function printSlot(slot: Slot): string {
  const type = slot.regex === undefined ? slot.kind : `/${slot.regex}/`;
  const sample = slot.sample === undefined ? "" : `=${printSample(slot.sample)}`;
  return `${slot.name ?? ""}${type === undefined ? "" : `:${type}`}${sample}`;
}

function printSample(bytes: string): string {
  const text = textOf(bytes);
  const isPlain = text !== undefined && !/^"|[}\0-\x1f\x7f]/.test(text);
  return isPlain ? text : quote(bytes);
}

function printExpression(expression: Expression): string {
  return expression.map(printTerm).join(" + ");
}

function printTerm(term: Term): string {
  if (term.type === "string") return quote(term.bytes);
  if (term.type === "integer") return String(term.value);
  if (term.type === "name") return term.name;
  return `${term.name}(${term.given.map(printExpression).join(", ")})`;
}

/** A byte string as a literal of the language. */
export function quote(bytes: string): string {
  const text = textOf(bytes);
  const plain = (text ?? bytes).replaceAll(/["\\\0-\x1f\x7f]/g, (c) => escapes[c] ?? hex(c));
  return `"${text === undefined ? plain.replaceAll(/[\x80-\xff]/g, hex) : plain}"`;
}

const escapes: Readonly<Record<string, string>> = {
  "\r": "\\r",
  "\n": "\\n",
  "\t": "\\t",
  "\0": "\\0",
  "\\": "\\\\",
  '"': '\\"',
};

function hex(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
}

/** A stage direction without its parentheses. */
export function printAct(act: Act): string {
  switch (act.does) {
    case "connects":
      return `${act.actor} connects${on(act)}${act.to === undefined ? "" : ` to ${act.to}`}`;
    case "listens":
      return `${act.actor} listens ${act.connection}`;
    case "starts TLS":
      return `C starts TLS${on(act)}`;
    case "waits":
      return `${act.actor} waits ${printDuration(act.duration)}`;
    case "within":
    case "silence":
      return `${act.does} ${printDuration(act.duration)}`;
    case "drips":
      return `${act.actor} drips ${bytes(act.bytes)} every ${printDuration(act.every)}`;
    case "truncates":
      return `${act.actor} truncates to ${bytes(act.bytes)}`;
    case "garbles":
      return `${act.actor} garbles ${bytes(act.bytes)}`;
    case "pass":
      return act.quietly ? "pass quietly" : "pass";
    case "include":
      return `include ${act.path}`;
    default:
      return `${act.actor} ${act.does}${on(act)}`;
  }
}

function on(act: { readonly connection?: string }): string {
  return act.connection === undefined ? "" : ` ${act.connection}`;
}

function bytes(count: number): string {
  return `${count} byte${count === 1 ? "" : "s"}`;
}

function printDuration(duration: Duration): string {
  return `${duration.amount}${duration.unit}`;
}

function printOpener(opener: Opener): string {
  if (opener.type === "repeat") return `repeat ${opener.times} times`;
  if (opener.type !== "whenever") return opener.type;
  const when = printWhen(opener.when);
  return when === "" ? "whenever" : `whenever ${when}`;
}

function printWhen(when: When): string {
  switch (when.type) {
    case "always":
      return "";
    case "first":
    case "after":
      return `${when.type} ${when.count} times`;
    case "nth":
      return `the ${ordinal(when.count)} time`;
    case "percent":
      return `${when.percent}%`;
  }
}

function ordinal(count: number): string {
  const teen = count % 100 >= 11 && count % 100 <= 13;
  const ending = teen ? "th" : (["th", "st", "nd", "rd"][count % 10] ?? "th");
  return `${count}${ending}`;
}

/** A payload that says exactly one line, with every byte of it literal. */
export function plainPayload(bytes: string): Payload {
  return { lines: [plainParts(bytes)], below: false, rest: false };
}

/** Parts that say exactly these bytes: what could be misread (`${`, a final `...`, control bytes) goes into holes. */
export function plainParts(bytes: string): Part[] {
  const text = textOf(bytes);
  const source = text ?? bytes;
  const special =
    text === undefined ? /\$\{|\.\.\.$|[\0-\x1f\x7f-\xff]+|\s+$/g : /\$\{|\.\.\.$|[\0-\x1f\x7f]+|\s+$/g;
  const parts: Part[] = [];
  let from = 0;
  for (const found of source.matchAll(special)) {
    if (found.index > from) parts.push({ type: "literal", text: source.slice(from, found.index) });
    const piece = text === undefined ? found[0] : bytesOf(found[0]);
    parts.push({ type: "computed", expression: [{ type: "string", bytes: piece }] });
    from = found.index + found[0].length;
  }
  if (from < source.length) parts.push({ type: "literal", text: source.slice(from) });
  return parts;
}
