import { printDouble } from "../../resp.ts";
import type { RespValue } from "../../resp.ts";
import { quoteBulk, splitWords } from "../../resp-words.ts";

/**
 * A value in the notation of scripts: `+OK`, `-ERR no`, `:1`, `"bulk"`, `nil`, `[a, b]`; of RESP3 also `null`, `,1.5`,
 * `#t`, `(123`, `~[…]`, `>[…]`, `{key: value}`, `|{…}`, `=txt:"…"`, `!"…"`; and `nil[]` for the null array of RESP2.
 */
export function printResp(value: RespValue): string {
  return printNested(value, false);
}

function printNested(value: RespValue, isInside: boolean): string {
  switch (value.type) {
    case "simple":
      return isInside ? `+${bare(value.text)}` : `+${value.text}`;
    case "error":
      return isInside ? `-${bare(value.text)}` : `-${value.text}`;
    case "bulk":
      return quoteBulk(value.text);
    case "bulk-error":
      return `!${quoteBulk(value.text)}`;
    case "verbatim":
      return `=${value.format}:${quoteBulk(value.text)}`;
    case "integer":
      return `:${value.value}`;
    case "double":
      return `,${printDouble(value.value)}`;
    case "boolean":
      return value.value ? "#t" : "#f";
    case "big":
      return `(${value.text}`;
    case "null":
      return "null";
    case "null-bulk":
      return "nil";
    case "null-array":
      return "nil[]";
    case "array":
    case "set":
    case "push":
      return `${{ array: "", set: "~", push: ">" }[value.type]}[${value.items.map((item) => printNested(item, true)).join(", ")}]`;
    case "map":
    case "attribute": {
      const pairs = value.entries.map(
        ([key, item]) => `${printNested(key, true)}: ${printNested(item, true)}`,
      );
      return `${value.type === "map" ? "" : "|"}{${pairs.join(", ")}}`;
    }
  }
}

/** Inside brackets a simple string ends at a comma or bracket; one that holds such a character is quoted. */
function bare(text: string): string {
  return /^[^,[\]{}":]*$/.test(text) ? text : quoteBulk(text);
}

/**
 * The value that a notation means.
 * @throws {TypeError} when it means none
 */
export function parseResp(text: string): RespValue {
  if (text.startsWith("+")) return { type: "simple", text: text.slice(1) };
  if (text.startsWith("-")) return { type: "error", text: text.slice(1) };
  const reader = new Reader(text);
  const value = reader.value(0);
  if (!reader.isAtEnd) throw new TypeError(`'${text.slice(0, 60)}' has something after its value`);
  return value;
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    this.#take(/\s*/y);
    return this.#at === this.#text.length;
  }

  value(depth: number): RespValue {
    if (depth > 64) throw new TypeError("values are nested too deeply");
    this.#take(/\s*/y);
    const start = this.#take(/nil\[\]|nil\b|null\b|#[tf]|[~>]?\[|\|?\{|[+\-:,(!="]|=[a-z]{3}:/y);
    switch (start) {
      case "nil":
        return { type: "null-bulk" };
      case "nil[]":
        return { type: "null-array" };
      case "null":
        return { type: "null" };
      case "#t":
      case "#f":
        return { type: "boolean", value: start === "#t" };
      case '"':
        this.#at--;
        return { type: "bulk", text: this.#quoted() };
      case "!":
        return { type: "bulk-error", text: this.#quoted() };
      case "=": {
        const format = this.#need(/[a-z]{3}:/y, "a format such as txt:").slice(0, 3);
        return { type: "verbatim", format, text: this.#quoted() };
      }
      case ":":
        return { type: "integer", value: BigInt(this.#need(/[+-]?\d+/y, "an integer")) };
      case ",":
        return { type: "double", value: toDouble(this.#need(/[^\s,\]}:]+/y, "a double")) };
      case "(":
        return { type: "big", text: this.#need(/[+-]?\d+/y, "a big number") };
      case "+":
        return { type: "simple", text: this.#simple() };
      case "-":
        return { type: "error", text: this.#simple() };
      case "[":
      case "~[":
      case ">[": {
        const type = start === "[" ? "array" : start === "~[" ? "set" : "push";
        return { type, items: this.#list("]", () => this.value(depth + 1)) };
      }
      case "{":
      case "|{": {
        const entries = this.#list("}", () => {
          const key = this.value(depth + 1);
          this.#need(/\s*:/y, "a colon after the key");
          return [key, this.value(depth + 1)] as const;
        });
        return { type: start === "{" ? "map" : "attribute", entries };
      }
      default: {
        // A bare word is a bulk string, as in a command.
        return { type: "bulk", text: this.#need(/[^\s,[\]{}":]+/y, "a value").trim() };
      }
    }
  }

  #list<T>(close: string, item: () => T): T[] {
    const items: T[] = [];
    this.#take(/\s*/y);
    if (this.#accept(close)) return items;
    for (;;) {
      items.push(item());
      this.#take(/\s*/y);
      if (this.#accept(close)) return items;
      if (!this.#accept(","))
        throw new TypeError(`a comma or ${close} is missing in '${this.#text.slice(0, 60)}'`);
    }
  }

  #simple(): string {
    return this.#text[this.#at] === '"' ? this.#quoted() : (this.#take(/[^,[\]{}":]+/y) ?? "");
  }

  #quoted(): string {
    return splitWords(this.#need(/"(?:[^"\\]|\\[^])*"/y, "a quoted string"))?.[0] ?? "";
  }

  #need(pattern: RegExp, what: string): string {
    const found = this.#take(pattern);
    if (found === undefined) throw new TypeError(`${what} is missing in '${this.#text.slice(0, 60)}'`);
    return found;
  }

  #accept(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }
}

function toDouble(text: string): number {
  if (text === "nan") return Number.NaN;
  if (/^[+-]?inf$/.test(text)) return text.startsWith("-") ? -Infinity : Infinity;
  const value = Number(text);
  if (Number.isNaN(value)) throw new TypeError(`'${text}' is not a double`);
  return value;
}
