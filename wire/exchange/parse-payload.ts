import { bounds } from "./bounds.ts";
import { bytesOf } from "./byte-string.ts";
import { nearest } from "./problem.ts";
import { functionNames, typeNames } from "./script.ts";
import type { Expression, FunctionName, Part, Slot, Term, TypeName } from "./script.ts";

/** Thrown inside the parser only; `column` counts from 0 in the text given. */
export class PayloadProblem extends Error {
  readonly column: number;
  readonly width: number;
  readonly suggestion: string | undefined;

  constructor(message: string, column: number, width = 1, suggestion?: string) {
    super(message);
    this.column = column;
    this.width = width;
    this.suggestion = suggestion;
  }
}

/**
 * The parts of one line of a payload. `${…}` is the only special sequence: everything else, braces and backslashes
 * included, is literal.
 */
export function parseParts(text: string): Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (;;) {
    const open = text.indexOf("${", from);
    if (open === -1) break;
    if (open > from) parts.push({ type: "literal", text: text.slice(from, open) });
    const reader = new Reader(text, open + 2);
    parts.push(reader.hole());
    from = reader.position;
  }
  if (from < text.length) parts.push({ type: "literal", text: text.slice(from) });
  return parts;
}

/** The expression a whole text is, as in `let user = "alice"`. */
export function parseExpression(text: string): Expression {
  const reader = new Reader(text, 0);
  const expression = reader.expression(0);
  if (reader.position < text.length) {
    throw new PayloadProblem(
      "nothing may follow the expression",
      reader.position,
      text.length - reader.position,
    );
  }
  return expression;
}

const namePattern = /[a-z][a-z0-9_-]*/y;
const slotPattern = /(?:[a-z][a-z0-9_-]*[ ]*(?=[:=}])|(?=[:=]))/y;

class Reader {
  position: number;
  readonly #text: string;

  constructor(text: string, position: number) {
    this.#text = text;
    this.position = position;
  }

  hole(): Part {
    const start = this.position;
    if (this.#text[start] === "}") throw new PayloadProblem("an empty hole", start - 2, 3);
    const isSlot = this.#take(slotPattern);
    if (isSlot !== undefined) return this.#slot(isSlot.trim(), start);
    const expression = this.expression(0);
    if (this.#text[this.position] !== "}") throw this.#unclosed(start);
    this.position++;
    return { type: "computed", expression };
  }

  expression(depth: number): Expression {
    if (depth > bounds.nesting) throw new PayloadProblem("calls are nested too deeply", this.position);
    const terms: Term[] = [];
    do {
      this.#blanks();
      terms.push(this.#term(depth));
      this.#blanks();
    } while (this.#accept("+"));
    return terms;
  }

  #slot(name: string, start: number): Slot {
    let kind: TypeName | undefined;
    let regex: string | undefined;
    let sample: string | undefined;
    if (this.#accept(":")) {
      if (this.#accept("/")) regex = this.#regex();
      else kind = this.#kind();
    }
    if (this.#accept("=")) sample = this.#sample();
    if (this.#text[this.position] !== "}") throw this.#unclosed(start);
    this.position++;
    return {
      type: "slot",
      ...(name === "" ? {} : { name }),
      ...(kind === undefined ? {} : { kind }),
      ...(regex === undefined ? {} : { regex }),
      ...(sample === undefined ? {} : { sample }),
    };
  }

  #kind(): TypeName {
    const at = this.position;
    const word = this.#take(/[^=}]*/y) ?? "";
    const known = typeNames.find((name) => name === word);
    if (known === undefined) {
      throw new PayloadProblem(`I don't know the type '${word}'`, at, word.length, nearest(word, typeNames));
    }
    return known;
  }

  /** Up to the slash that ends it; a slash inside needs a backslash or a character class. */
  #regex(): string {
    const at = this.position;
    const source = this.#take(/(?:[^\\/[]|\\.|\[(?:[^\\\]]|\\.)*\])+/y);
    if (source === undefined || !this.#accept("/")) {
      throw new PayloadProblem("the regular expression has no end", at, this.#text.length - at);
    }
    try {
      // Compiled once here so that a mistake is told with the script, not in the middle of a conversation.
      void new RegExp(source, "s");
    } catch (error) {
      const reason = error instanceof Error ? error.message.replace(/^.*: /, "") : "it does not compile";
      throw new PayloadProblem(`a wrong regular expression: ${reason}`, at, source.length);
    }
    if (/\((?:[^()\\]|\\.)*[*+}](?:[^()\\]|\\.)*\)[*+{]/.test(source)) {
      throw new PayloadProblem("a repeated group that repeats inside can take for ever", at, source.length);
    }
    return source;
  }

  #sample(): string {
    if (this.#text[this.position] === '"') return this.#string();
    return bytesOf(this.#take(/[^}]*/y) ?? "");
  }

  #term(depth: number): Term {
    const at = this.position;
    if (this.#text[at] === '"') return { type: "string", bytes: this.#string() };
    const digits = this.#take(/-?\d+/y);
    if (digits !== undefined) {
      const value = Number(digits);
      if (!Number.isSafeInteger(value)) throw new PayloadProblem("too large a number", at, digits.length);
      return { type: "integer", value };
    }
    const name = this.#take(namePattern);
    if (name === undefined) {
      throw new PayloadProblem("a string, a number, a name or a function belongs here", at);
    }
    if (!this.#accept("(")) return { type: "name", name };
    const known = functionNames.find((candidate) => candidate === name);
    if (known === undefined) {
      const near = nearest(name, functionNames);
      throw new PayloadProblem(`I don't know the function '${name}'`, at, name.length, near);
    }
    return { type: "call", name: known, given: this.#given(known, at, depth + 1) };
  }

  #given(name: FunctionName, at: number, depth: number): Expression[] {
    const given: Expression[] = [];
    this.#blanks();
    if (!this.#accept(")")) {
      do given.push(this.expression(depth));
      while (this.#accept(","));
      if (!this.#accept(")")) throw new PayloadProblem("the call has no ')'", at, this.position - at);
    }
    const wanted = arity[name];
    if (given.length !== wanted) {
      const many = wanted === 1 ? "one value" : `${wanted} values`;
      throw new PayloadProblem(`${name}() takes ${many}, here are ${given.length}`, at, this.position - at);
    }
    return given;
  }

  #string(): string {
    const at = this.position;
    const source = this.#take(/"(?:[^"\\]|\\.)*"/y);
    if (source === undefined)
      throw new PayloadProblem('the string has no closing "', at, this.#text.length - at);
    return source.slice(1, -1).replaceAll(/\\(x[0-9a-fA-F]{2}|[^])|[^\\]+/g, (found, escape?: string) => {
      if (escape === undefined) return bytesOf(found);
      const meant =
        escape.length === 3 ? String.fromCharCode(Number.parseInt(escape.slice(1), 16)) : escapes[escape];
      if (meant !== undefined) return meant;
      const offset = this.#text.indexOf(found, at);
      throw new PayloadProblem(`I don't know the escape '${found}'`, offset, found.length);
    });
  }

  #unclosed(start: number): PayloadProblem {
    return new PayloadProblem("the hole has no '}'", start - 2, this.#text.length - start + 2);
  }

  #blanks(): void {
    while (this.#text[this.position] === " ") this.position++;
  }

  #accept(character: string): boolean {
    if (this.#text[this.position] !== character) return false;
    this.position++;
    return true;
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.position += found.length;
    return found;
  }
}

/** How many values each function takes. */
const arity: Readonly<Record<FunctionName, number>> = {
  b64: 1,
  unb64: 1,
  hex: 1,
  unhex: 1,
  md5: 1,
  sha1: 1,
  hmac_md5: 2,
  repeat: 2,
  len: 1,
  add: 2,
  env: 1,
};

const escapes: Readonly<Record<string, string>> = {
  r: "\r",
  n: "\n",
  t: "\t",
  "0": "\0",
  "\\": "\\",
  '"': '"',
  $: "$",
};
