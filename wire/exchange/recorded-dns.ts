import { plainParts } from "./print.ts";
import type { Part } from "./script.ts";

/**
 * Queries and replies of one recording. Whoever asks again takes another id, and a resolver counts its times to live
 * down; so the ids become names, and the times numbers.
 */
export class RecordedDns {
  readonly #names = new Map<string, string>();

  /** The parts of a message in the words of the dialect. */
  parts(text: string): Part[] {
    const [, kind = "", id = "", rest = ""] = /^(query |reply )(\d+)( .*)$/s.exec(text) ?? [];
    const [head = "", ...answers] = rest.split(/(?= => )/);
    return [
      { type: "literal", text: kind },
      this.#id(id),
      ...plainParts(head),
      ...answers.flatMap((answer): Part[] => {
        const [, before = "", ttl = "", data = ""] =
          /^( => (?:\S*[^ \d]\S* )?)(\d+)( .*)$/s.exec(answer) ?? [];
        if (ttl === "") return plainParts(answer);
        const slot: Part = { type: "slot", kind: "int", sample: ttl };
        return [{ type: "literal", text: before }, slot, ...plainParts(data)];
      }),
    ];
  }

  #id(id: string): Part {
    const known = this.#names.get(id);
    if (known !== undefined) return { type: "slot", name: known };
    const name = this.#names.size === 0 ? "id" : `id${this.#names.size + 1}`;
    this.#names.set(id, name);
    return { type: "slot", name, kind: "int", sample: id };
  }
}
