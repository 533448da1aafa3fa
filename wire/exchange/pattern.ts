import { bytesOf } from "./byte-string.ts";
import { ValueProblem } from "./functions.ts";
import type { Scope } from "./scope.ts";
import type { Part, Slot } from "./script.ts";
import { holeTypes } from "./types.ts";

/** How a text was compared: the names it bound, or where it first differs. */
export type Compared =
  | {
      readonly matches: true;
      readonly bound: ReadonlyMap<string, string>;
      /** Where the match ends. */ readonly length: number;
    }
  | { readonly matches: false; readonly at: number; readonly why: string };

/** Settings of a comparison. */
export interface PatternOptions {
  /** `...` at the end: anything may follow. */
  readonly rest?: boolean;
  /** Length of the beginning that is compared without case, as verbs are. */
  readonly foldedPrefix?: RegExp;
}

/** One step of a compiled pattern. */
interface Step {
  /** Source of a regular expression. */
  readonly source: string;
  /** The literal behind it, when it is one: its characters can be counted when it does not fit. */
  readonly literal?: string;
  readonly slot?: Slot;
  readonly group?: string;
}

/**
 * A line of parts, compiled against the variables as they are now: bound names are literal, unbound ones capture.
 * Compile again when the variables have changed.
 */
export class Pattern {
  readonly #steps: readonly Step[];
  readonly #rest: boolean;
  /** How much of the beginning is compared without case. */
  readonly #foldedLength: number;

  /** @throws {ValueProblem} when a computed hole has no value yet */
  constructor(parts: readonly Part[], scope: Scope, options: PatternOptions = {}) {
    this.#steps = steps(parts, scope, options.foldedPrefix);
    this.#rest = options.rest ?? false;
    this.#foldedLength = options.foldedPrefix?.exec(this.#steps[0]?.literal ?? "")?.[0].length ?? 0;
  }

  /** The regular expression of the parts, not anchored. */
  get source(): string {
    return this.#steps.map((step) => step.source).join("");
  }

  /** The bytes this pattern stands for when it has no hole that captures, otherwise `undefined`. */
  get fixed(): string | undefined {
    if (this.#rest || this.#steps.some((step) => step.literal === undefined)) return undefined;
    return this.#steps.map((step) => step.literal).join("");
  }

  /** Whether the last thing it looks for has no end of its own. */
  get isOpenEnded(): boolean {
    const slot = this.#steps.at(-1)?.slot;
    return this.#rest || (slot !== undefined && slot.regex === undefined && (slot.kind ?? "any") === "any");
  }

  /** Compares a whole byte string. */
  compare(bytes: string): Compared {
    const { fixed } = this;
    // Without holes no expression is needed, and a literal may be as long as a message.
    if (fixed !== undefined) return this.#compareFixed(fixed, bytes);
    const found = compile(`^${this.source}${this.#rest ? "[^]*" : ""}$`).exec(bytes);
    return found === null ? this.#difference(bytes) : this.#bind(found);
  }

  #compareFixed(wanted: string, bytes: string): Compared {
    const folded = this.#foldedLength;
    const same = (at: number): boolean =>
      at < folded ? wanted[at]!.toLowerCase() === bytes[at]!.toLowerCase() : wanted[at] === bytes[at];
    const shorter = Math.min(wanted.length, bytes.length);
    let at = 0;
    while (at < shorter && same(at)) at++;
    if (at === wanted.length && at === bytes.length) return { matches: true, bound: new Map(), length: at };
    const why =
      at === bytes.length ? "it ends here" : at === wanted.length ? "more than expected" : "differs";
    return { matches: false, at, why };
  }

  /** Looks for the pattern at the beginning of a stream; what is left over belongs to the next one. */
  comparePrefix(bytes: string): Compared {
    const found = compile(`^${this.source}${this.#rest ? "[^]*" : ""}`).exec(bytes);
    return found === null ? this.#difference(bytes) : this.#bind(found);
  }

  /** Looks for the pattern anywhere; nothing but a letter or digit's neighbour may cut a word in two. */
  search(bytes: string): Compared {
    const found = compile(`(?<![A-Za-z0-9])${this.source}(?![A-Za-z0-9])`).exec(bytes);
    return found === null ? { matches: false, at: 0, why: "not found" } : this.#bind(found);
  }

  #bind(found: RegExpExecArray): Compared {
    const bound = new Map<string, string>();
    for (const step of this.#steps) {
      if (step.group === undefined || step.slot === undefined) continue;
      const text = found.groups?.[step.group] ?? "";
      const value = step.slot.kind === undefined ? text : holeTypes[step.slot.kind].read(text);
      if (value === undefined) {
        return { matches: false, at: found[0].indexOf(text), why: `not a valid ${step.slot.kind}` };
      }
      if (step.slot.name !== undefined) bound.set(step.slot.name, value);
    }
    return { matches: true, bound, length: found.index + found[0].length };
  }

  /**
   * Where a byte string first differs: the end of the longest beginning of the pattern that fits. Beginnings of a
   * pattern fit monotonously (when one fails, all longer ones do), so it is found by halving.
   */
  #difference(bytes: string): Compared {
    const atoms = this.#steps.flatMap((step) =>
      step.literal === undefined ? [step.source] : pieces(step.source, step.literal),
    );
    let low = 0;
    let high = atoms.length;
    let at = 0;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      const found = compile(`^${atoms.slice(0, middle).join("")}`).exec(bytes);
      if (found === null) high = middle - 1;
      else {
        low = middle;
        at = found[0].length;
      }
    }
    if (low === 0) at = 0;
    if (at >= bytes.length) return { matches: false, at: bytes.length, why: "it ends here" };
    if (low === atoms.length) return { matches: false, at, why: "more than expected" };
    return { matches: false, at, why: "differs" };
  }
}

/** @throws {ValueProblem} for more than the runtime can compile */
function compile(source: string): RegExp {
  try {
    return new RegExp(source);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new ValueProblem(`a line with holes and ${source.length} characters is too long to compare`);
  }
}

function steps(parts: readonly Part[], scope: Scope, foldedPrefix: RegExp | undefined): Step[] {
  const groups = new Map<string, string>();
  let isFirst = true;
  return parts.map((part): Step => {
    const folded = isFirst ? foldedPrefix : undefined;
    isFirst = false;
    if (part.type === "literal") return literal(bytesOf(part.text), folded);
    if (part.type === "computed") return literal(scope.evaluate(part.expression));
    const value = part.name === undefined ? undefined : scope.get(part.name);
    if (value !== undefined) {
      const written = part.kind === undefined ? value : holeTypes[part.kind].write(value);
      if (written === undefined) throw new ValueProblem(`'${part.name}' is not a value of type ${part.kind}`);
      return literal(written);
    }
    const source = part.regex === undefined ? holeTypes[part.kind ?? "any"].pattern : bytesOf(part.regex);
    const known = part.name === undefined ? undefined : groups.get(part.name);
    if (known !== undefined) return { source: String.raw`\k<${known}>` };
    const group = `hole${groups.size}`;
    groups.set(part.name ?? `:${groups.size}`, group);
    return { source: `(?<${group}>${source})`, slot: part, group };
  });
}

function literal(bytes: string, folded?: RegExp): Step {
  const prefix = folded?.exec(bytes)?.[0] ?? "";
  const source = Array.from(prefix, foldedCharacter).join("") + escapeRegex(bytes.slice(prefix.length));
  return { source, literal: bytes };
}

function pieces(source: string, literal: string): string[] {
  // A folded character is `[aA]`, an escaped one `\.`: the source can be cut as it was put together.
  const cut = source.match(/\[[^\]]*\]|\\x[0-9a-f]{2}|\\[^]|[^]/g) ?? [];
  return cut.length === literal.length ? cut : [source];
}

function foldedCharacter(character: string): string {
  return /[A-Za-z]/.test(character)
    ? `[${character.toLowerCase()}${character.toUpperCase()}]`
    : escapeRegex(character);
}

function escapeRegex(bytes: string): string {
  return bytes.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}

/**
 * What parts say: literal text, values, samples. Saying a sample binds its name, as hearing it would.
 * @throws {ValueProblem} when a hole has neither value nor sample
 */
export function say(parts: readonly Part[], scope: Scope): string {
  return parts.map((part) => sayPart(part, scope)).join("");
}

function sayPart(part: Part, scope: Scope): string {
  if (part.type === "literal") return bytesOf(part.text);
  if (part.type === "computed") return scope.evaluate(part.expression);
  let value = part.name === undefined ? undefined : scope.get(part.name);
  if (value === undefined) {
    value = part.sample;
    if (value === undefined) {
      throw new ValueProblem(
        `no value to send for '${part.name ?? part.kind ?? part.regex}', give it a sample`,
      );
    }
    const read = part.kind === "pasv" || part.kind === "epsv" || part.kind === "eprt";
    if (read) value = holeTypes[part.kind].read(value) ?? value;
    if (part.name !== undefined) scope.set(part.name, value);
  }
  const written = part.kind === undefined ? value : holeTypes[part.kind].write(value);
  if (written === undefined) throw new ValueProblem(`'${value}' is not a value of type ${part.kind}`);
  return written;
}
