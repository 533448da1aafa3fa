import { bytesOf } from "./byte-string.ts";
import { Pattern } from "./pattern.ts";
import type { Compared } from "./pattern.ts";
import type { Scope } from "./scope.ts";
import type { Part } from "./script.ts";

/**
 * JSON compared by value: the order of keys is free, extra keys are refused, and `...` as the last member or element
 * allows more of them. Holes stand inside strings or for a whole value.
 */
export function compareJson(parts: readonly Part[], heard: string, scope: Scope): Compared {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(heard, "latin1").toString("utf8"));
  } catch {
    return { matches: false, at: 0, why: "this is not JSON" };
  }
  const bound = new Map<string, string>();
  const inner = scope.inner();
  const why = new Comparison(inner, bound).differs(new PatternReader(parts).read(), value, "$");
  return why === undefined
    ? { matches: true, bound, length: heard.length }
    : { matches: false, at: heard.length, why };
}

/** A JSON value in which strings are lists of parts and a hole may stand for a value. */
type JsonPattern =
  | { readonly type: "scalar"; readonly value: number | boolean | null }
  | { readonly type: "string" | "hole"; readonly parts: readonly Part[] }
  | { readonly type: "array"; readonly items: readonly JsonPattern[]; readonly isOpen: boolean }
  | {
      readonly type: "object";
      readonly members: readonly (readonly [string, JsonPattern])[];
      readonly isOpen: boolean;
    };

class Comparison {
  readonly #scope: Scope;
  readonly #bound: Map<string, string>;

  constructor(scope: Scope, bound: Map<string, string>) {
    this.#scope = scope;
    this.#bound = bound;
  }

  /** Where and how a value differs, `undefined` when it does not. */
  differs(pattern: JsonPattern, value: unknown, path: string): string | undefined {
    switch (pattern.type) {
      case "scalar":
        return pattern.value === value
          ? undefined
          : `${path} is ${JSON.stringify(value)}, not ${String(pattern.value)}`;
      case "hole":
        return this.#text(pattern.parts, typeof value === "string" ? value : JSON.stringify(value), path);
      case "string":
        return typeof value === "string"
          ? this.#text(pattern.parts, value, path)
          : `${path} is ${JSON.stringify(value)}, not a string`;
      case "array": {
        if (!Array.isArray(value)) return `${path} is not an array`;
        const items: readonly unknown[] = value;
        for (const [index, item] of pattern.items.entries()) {
          if (index >= items.length) return `${path} has only ${items.length} elements`;
          const why = this.differs(item, items[index], `${path}[${index}]`);
          if (why !== undefined) return why;
        }
        const isLonger = items.length > pattern.items.length && !pattern.isOpen;
        return isLonger ? `${path} has ${items.length} elements, not ${pattern.items.length}` : undefined;
      }
      case "object":
        return this.#object(pattern, value, path);
    }
  }

  #object(
    pattern: Extract<JsonPattern, { type: "object" }>,
    value: unknown,
    path: string,
  ): string | undefined {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      return `${path} is not an object`;
    const members = new Map<string, unknown>(Object.entries(value));
    for (const [key, item] of pattern.members) {
      if (!members.has(key)) return `${path}.${key} is missing`;
      const why = this.differs(item, members.get(key), `${path}.${key}`);
      if (why !== undefined) return why;
      members.delete(key);
    }
    const [extra] = members.keys();
    return extra === undefined || pattern.isOpen ? undefined : `${path}.${extra} should not be there`;
  }

  #text(parts: readonly Part[], value: string, path: string): string | undefined {
    const compared = new Pattern(parts, this.#scope).compare(bytesOf(value));
    if (!compared.matches) return `${path} is ${JSON.stringify(value)}`;
    for (const [name, found] of compared.bound) {
      this.#bound.set(name, found);
      this.#scope.set(name, found);
    }
    return undefined;
  }
}

/** Reads a pattern out of parts: the literal text is JSON, holes are tokens of their own. */
class PatternReader {
  /** The characters of the literals, and the holes, in order. */
  readonly #tokens: readonly (string | Part)[];
  #at = 0;

  constructor(parts: readonly Part[]) {
    this.#tokens = parts.flatMap((part): (string | Part)[] =>
      part.type === "literal" ? Array.from(part.text) : [part],
    );
  }

  read(): JsonPattern {
    const value = this.#value();
    if (this.#peek() !== undefined) throw new TypeError("something follows the JSON value");
    return value;
  }

  #value(): JsonPattern {
    const first = this.#peek();
    if (first === undefined) throw new TypeError("a JSON value is missing");
    if (typeof first !== "string") {
      this.#at++;
      return { type: "hole", parts: [first] };
    }
    if (first === '"') return { type: "string", parts: this.#string() };
    if (first === "[") {
      const { items, isOpen } = this.#list("]", () => this.#value());
      return { type: "array", items, isOpen };
    }
    if (first === "{") {
      const { items, isOpen } = this.#list("}", () => this.#member());
      return { type: "object", members: items, isOpen };
    }
    let word = "";
    for (let next = this.#tokens[this.#at]; typeof next === "string" && /[\w+.-]/.test(next);) {
      word += next;
      next = this.#tokens[++this.#at];
    }
    try {
      return { type: "scalar", value: JSON.parse(word) as number | boolean | null };
    } catch {
      throw new TypeError(`'${word === "" ? first : word}' is not JSON`);
    }
  }

  #member(): readonly [string, JsonPattern] {
    this.#peek();
    const parts = this.#string();
    if (parts.some((part) => part.type !== "literal")) throw new TypeError("a key may have no hole");
    if (this.#peek() !== ":") throw new TypeError("a colon is missing behind a key");
    this.#at++;
    return [parts.map((part) => (part.type === "literal" ? part.text : "")).join(""), this.#value()];
  }

  #list<T>(close: string, item: () => T): { readonly items: readonly T[]; readonly isOpen: boolean } {
    this.#at++;
    const items: T[] = [];
    if (this.#peek() === close) {
      this.#at++;
      return { items, isOpen: false };
    }
    for (;;) {
      this.#peek();
      if (this.#tokens.slice(this.#at, this.#at + 3).every((token) => token === ".")) {
        this.#at += 3;
        if (this.#peek() !== close) throw new TypeError("... has to be the last");
        this.#at++;
        return { items, isOpen: true };
      }
      items.push(item());
      const next = this.#peek();
      this.#at++;
      if (next === close) return { items, isOpen: false };
      if (next !== ",") throw new TypeError(`a comma or ${close} is missing`);
    }
  }

  #string(): Part[] {
    if (this.#tokens[this.#at] !== '"') throw new TypeError("a string is missing");
    const parts: Part[] = [];
    let text = "";
    const flush = (): void => {
      if (text !== "") parts.push({ type: "literal", text: JSON.parse(`"${text}"`) as string });
      text = "";
    };
    for (this.#at++; ; this.#at++) {
      const token = this.#tokens[this.#at];
      if (token === undefined) throw new TypeError("a string has no end");
      if (token === '"') break;
      if (typeof token === "string") {
        text += token;
        const escaped = token === "\\" ? this.#tokens[++this.#at] : "";
        if (typeof escaped === "string") text += escaped;
      } else {
        flush();
        parts.push(token);
      }
    }
    this.#at++;
    flush();
    return parts;
  }

  #peek(): string | Part | undefined {
    for (;;) {
      const token = this.#tokens[this.#at];
      if (typeof token !== "string" || !/^\s$/.test(token)) return token;
      this.#at++;
    }
  }
}
