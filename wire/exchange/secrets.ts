import { plainParts } from "./print.ts";
import type { Binding, Part } from "./script.ts";

const noPlace = { file: "", line: 0 };

/** Credentials of a recording: each becomes a `secret`, so that no report shows it, and its lines say its name. */
export class Secrets {
  readonly #names = new Map<string, string>();

  /** The parts that say a line with credentials: `PASS …`, `AUTH PLAIN …`, or the answer to a challenge. */
  parts(line: string): Part[] {
    const [, head = "", value = line] = /^((?:PASS|ACCT|AUTH +\S+) +)(.*)$/i.exec(line) ?? [];
    const verb = head.trimEnd();
    return [...plainParts(verb), { type: "literal", text: head.slice(verb.length) }, ...this.#value(value)];
  }

  bindings(): Binding[] {
    return [...this.#names].map(([value, name]) => ({
      type: "binding",
      at: noPlace,
      gap: false,
      name,
      secret: true,
      expression: [{ type: "string", bytes: value }],
    }));
  }

  #value(value: string): Part[] {
    const bytes = Buffer.from(value, "base64").toString("latin1");
    const [identity, user, password, ...more] = bytes.split("\0");
    // The response of PLAIN (RFC 4616): whoever reads the script shall see who logs in, and may change it.
    if (user !== undefined && password !== undefined && more.length === 0 && base64(bytes) === value) {
      const known = { type: "string", bytes: `${identity}\0${user}\0` } as const;
      const given = [known, { type: "name", name: this.#name(password) } as const];
      return [{ type: "computed", expression: [{ type: "call", name: "b64", given: [given] }] }];
    }
    return [{ type: "computed", expression: [{ type: "name", name: this.#name(value) }] }];
  }

  #name(value: string): string {
    const known = this.#names.get(value);
    if (known !== undefined) return known;
    const name = this.#names.size === 0 ? "pass" : `pass${this.#names.size + 1}`;
    this.#names.set(value, name);
    return name;
  }
}

function base64(bytes: string): string {
  return Buffer.from(bytes, "latin1").toString("base64");
}
