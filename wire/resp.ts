/**
 * The Redis serialization protocol, versions 2 and 3, as values. Pure and the same for both ends; bytes are byte
 * strings (one character for each byte), so keys and values are binary-safe.
 * @see https://redis.io/docs/latest/develop/reference/protocol-spec/
 */

/** One value of the protocol. */
export type RespValue =
  | { readonly type: "simple" | "error" | "bulk" | "big" | "bulk-error"; readonly text: string }
  | { readonly type: "verbatim"; readonly format: string; readonly text: string }
  | { readonly type: "integer"; readonly value: bigint }
  | { readonly type: "double"; readonly value: number }
  | { readonly type: "boolean"; readonly value: boolean }
  | { readonly type: "null" | "null-bulk" | "null-array" }
  | { readonly type: "array" | "set" | "push"; readonly items: readonly RespValue[] }
  | { readonly type: "map" | "attribute"; readonly entries: readonly (readonly [RespValue, RespValue])[] };

/** Limits of a decoder. */
export interface RespLimits {
  readonly maxBulkBytes: number;
  readonly maxItems: number;
  readonly maxDepth: number;
  readonly maxLineBytes: number;
}

export const respLimits: RespLimits = {
  maxBulkBytes: 512 * 1024 * 1024,
  maxItems: 1024 * 1024,
  maxDepth: 128,
  maxLineBytes: 64 * 1024,
};

/** A value found at the head of some bytes and where it ends; `undefined` when more bytes are needed. */
export type RespFound = { readonly value: RespValue; readonly end: number } | undefined;

/** The bytes break the protocol; the connection cannot be used any more. */
export class RespSyntaxError extends Error {
  override readonly name = "RespSyntaxError";
}

/**
 * The value at `from`.
 * @throws {RespSyntaxError} when the bytes cannot become one, or go over a limit before they are read
 */
export function decodeResp(bytes: string, from = 0, limits: RespLimits = respLimits): RespFound {
  return decode(bytes, from, limits, 0);
}

function decode(bytes: string, from: number, limits: RespLimits, depth: number): RespFound {
  if (from >= bytes.length) return undefined;
  if (depth > limits.maxDepth) throw new RespSyntaxError("values are nested too deeply");
  const lineEnd = bytes.indexOf("\r\n", from + 1);
  if (lineEnd === -1) {
    if (bytes.length - from > limits.maxLineBytes) throw new RespSyntaxError("a line without end");
    return undefined;
  }
  const line = bytes.slice(from + 1, lineEnd);
  const end = lineEnd + 2;
  switch (bytes[from]) {
    case "+":
      return { value: { type: "simple", text: line }, end };
    case "-":
      return { value: { type: "error", text: line }, end };
    case ":":
      return { value: { type: "integer", value: integer(line) }, end };
    case "_":
      if (line !== "") throw new RespSyntaxError("a null with something in it");
      return { value: { type: "null" }, end };
    case "#":
      if (line !== "t" && line !== "f") throw new RespSyntaxError(`not a boolean: ${line.slice(0, 20)}`);
      return { value: { type: "boolean", value: line === "t" }, end };
    case ",":
      return { value: { type: "double", value: double(line) }, end };
    case "(":
      if (!/^[+-]?\d+$/.test(line)) throw new RespSyntaxError("not a big number");
      return { value: { type: "big", text: line }, end };
    case "$":
      if (line === "-1") return { value: { type: "null-bulk" }, end };
      return bulk(bytes, end, count(line, limits.maxBulkBytes), (text) => ({ type: "bulk", text }));
    case "!":
      return bulk(bytes, end, count(line, limits.maxBulkBytes), (text) => ({ type: "bulk-error", text }));
    case "=":
      return bulk(bytes, end, count(line, limits.maxBulkBytes), verbatim);
    case "*":
      if (line === "-1") return { value: { type: "null-array" }, end };
      return items("array", count(line, limits.maxItems));
    case "~":
      return items("set", count(line, limits.maxItems));
    case ">":
      return items("push", count(line, limits.maxItems));
    case "%":
      return entries("map", count(line, limits.maxItems / 2));
    case "|":
      return entries("attribute", count(line, limits.maxItems / 2));
    default:
      throw new RespSyntaxError(`no value begins with ${JSON.stringify(bytes[from])}`);
  }

  function items(type: "array" | "set" | "push", length: number): RespFound {
    const found = sequence(length);
    return found && { value: { type, items: found.values }, end: found.end };
  }

  function entries(type: "map" | "attribute", length: number): RespFound {
    const found = sequence(length * 2);
    if (found === undefined) return undefined;
    const pairs = Array.from({ length }, (_, n) => [found.values[2 * n]!, found.values[2 * n + 1]!] as const);
    return { value: { type, entries: pairs }, end: found.end };
  }

  function sequence(length: number): { readonly values: RespValue[]; readonly end: number } | undefined {
    const values: RespValue[] = [];
    let at = end;
    while (values.length < length) {
      const found = decode(bytes, at, limits, depth + 1);
      if (found === undefined) return undefined;
      values.push(found.value);
      at = found.end;
    }
    return { values, end: at };
  }
}

function bulk(bytes: string, from: number, length: number, build: (text: string) => RespValue): RespFound {
  const end = from + length + 2;
  if (bytes.length < end) return undefined;
  if (bytes.slice(end - 2, end) !== "\r\n") throw new RespSyntaxError("a bulk string is longer than it says");
  return { value: build(bytes.slice(from, end - 2)), end };
}

function verbatim(text: string): RespValue {
  if (text[3] !== ":") throw new RespSyntaxError("a verbatim string without its format");
  return { type: "verbatim", format: text.slice(0, 3), text: text.slice(4) };
}

function integer(line: string): bigint {
  if (!/^[+-]?\d{1,19}$/.test(line)) throw new RespSyntaxError(`not an integer: ${line.slice(0, 20)}`);
  return BigInt(line);
}

function count(line: string, most: number): number {
  if (!/^\d{1,15}$/.test(line)) throw new RespSyntaxError(`not a length: ${line.slice(0, 20)}`);
  // Checked before anything is allocated: a length is a promise of a stranger.
  if (Number(line) > most) throw new RespSyntaxError(`a length of ${line} is over the limit of ${most}`);
  return Number(line);
}

function double(line: string): number {
  if (line === "inf" || line === "+inf") return Infinity;
  if (line === "-inf") return -Infinity;
  if (/^[+-]?nan$/i.test(line)) return Number.NaN;
  if (!/^[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?$/.test(line)) throw new RespSyntaxError("not a double");
  return Number(line);
}

/** The bytes of a value. */
export function encodeResp(value: RespValue): string {
  switch (value.type) {
    case "simple":
      return `+${oneLine(value.text)}\r\n`;
    case "error":
      return `-${oneLine(value.text)}\r\n`;
    case "big":
      return `(${value.text}\r\n`;
    case "bulk":
      return `$${value.text.length}\r\n${value.text}\r\n`;
    case "bulk-error":
      return `!${value.text.length}\r\n${value.text}\r\n`;
    case "verbatim":
      return `=${value.text.length + 4}\r\n${value.format}:${value.text}\r\n`;
    case "integer":
      return `:${value.value}\r\n`;
    case "double":
      return `,${printDouble(value.value)}\r\n`;
    case "boolean":
      return value.value ? "#t\r\n" : "#f\r\n";
    case "null":
      return "_\r\n";
    case "null-bulk":
      return "$-1\r\n";
    case "null-array":
      return "*-1\r\n";
    case "array":
    case "set":
    case "push":
      return `${{ array: "*", set: "~", push: ">" }[value.type]}${value.items.length}\r\n${value.items.map(encodeResp).join("")}`;
    case "map":
    case "attribute": {
      const pairs = value.entries.map(([key, item]) => encodeResp(key) + encodeResp(item));
      return `${value.type === "map" ? "%" : "|"}${value.entries.length}\r\n${pairs.join("")}`;
    }
  }
}

/** A command as clients send it: an array of bulk strings. */
export function encodeCommand(words: readonly string[]): string {
  let text = `*${words.length}\r\n`;
  for (const word of words) text += `$${word.length}\r\n${word}\r\n`;
  return text;
}

/** How a double is spelled on the wire and in scripts. */
export function printDouble(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  return String(value);
}

/** A line end inside a simple string or an error would be a second reply: it becomes a blank. */
function oneLine(text: string): string {
  return text.replaceAll(/[\r\n]/g, " ");
}
