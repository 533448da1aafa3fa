import { bounds } from "./bounds.ts";
import { textOf } from "./byte-string.ts";
import { functions, ValueProblem } from "./functions.ts";
import type { Environment } from "./functions.ts";
import type { Expression, Term } from "./script.ts";

/**
 * The variables of one conversation. A name that is first bound inside a repeated block or a rule belongs to that
 * round and is forgotten at its end; a name known outside is changed where it lives.
 */
export class Scope {
  readonly #outer: Scope | undefined;
  readonly #values = new Map<string, string>();
  /** Shared by all scopes of one conversation: what must not be seen in a report. */
  readonly #secrets: Set<string>;
  readonly #environment: Environment;

  constructor(environment: Environment = () => undefined, outer?: Scope) {
    this.#outer = outer;
    this.#environment = environment;
    this.#secrets = outer === undefined ? new Set() : outer.#secrets;
  }

  /** A scope for one round of a block. */
  inner(): Scope {
    return new Scope(this.#environment, this);
  }

  /** The value of a name as a byte string, `undefined` while it is not bound. */
  get(name: string): string | undefined {
    return this.#values.get(name) ?? this.#outer?.get(name);
  }

  /** Every name that is bound and not secret, with its value as text. */
  all(): Record<string, string> {
    const inner = [...this.#values].filter(([, value]) => !this.#secrets.has(value));
    return {
      ...this.#outer?.all(),
      ...Object.fromEntries(inner.map(([name, value]) => [name, textOf(value) ?? value])),
    };
  }

  set(name: string, value: string): void {
    const home = this.#home(name) ?? this;
    home.#values.set(name, value);
  }

  /** Binds a name whose value, also in base64, is never shown. */
  setSecret(name: string, value: string): void {
    this.set(name, value);
    if (value === "") return;
    this.#secrets.add(value);
    this.#secrets.add(Buffer.from(value, "latin1").toString("base64"));
  }

  /** Adds something derived from a secret, such as an AUTH PLAIN response, to what is masked. */
  hide(bytes: string): void {
    if (bytes.length > 3) this.#secrets.add(bytes);
  }

  /** Whether the expression uses a secret, so that its value is one too. */
  usesSecret(expression: Expression): boolean {
    return expression.some((term) => {
      if (term.type === "call") return term.given.some((given) => this.usesSecret(given));
      return term.type === "name" && this.#secrets.has(this.get(term.name) ?? "");
    });
  }

  /** A byte string with every secret in it replaced by `***`. */
  mask(bytes: string): string {
    if (this.#secrets.size === 0) return bytes;
    let masked = bytes;
    // The longest first: a password that is part of another must not leave the rest of it to be seen.
    for (const secret of [...this.#secrets].sort((a, b) => b.length - a.length)) {
      masked = masked.replaceAll(secret, "***");
    }
    return masked;
  }

  /**
   * The value of an expression.
   * @throws {ValueProblem} when a name is not bound or a function refuses what it is given
   */
  evaluate(expression: Expression): string {
    const values = expression.map((term) => this.#term(term));
    const length = values.reduce((sum, value) => sum + value.length, 0);
    if (length > bounds.valueBytes) throw new ValueProblem(`a value has at most ${bounds.valueBytes} bytes`);
    const value = values.join("");
    if (this.#secrets.size > 0 && this.usesSecret(expression)) this.hide(value);
    return value;
  }

  #term(term: Term): string {
    switch (term.type) {
      case "string":
        return term.bytes;
      case "integer":
        return String(term.value);
      case "name": {
        const value = this.get(term.name);
        if (value === undefined) throw new ValueProblem(`nothing is bound to '${term.name}'`);
        return value;
      }
      case "call": {
        const given = term.given.map((expression) => this.evaluate(expression));
        return functions[term.name](given, this.#environment);
      }
    }
  }

  #home(name: string): Scope | undefined {
    if (this.#values.has(name)) return this;
    return this.#outer === undefined ? undefined : this.#outer.#home(name);
  }
}
