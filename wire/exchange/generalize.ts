import { align, words } from "./align.ts";
import { bytesOf } from "./byte-string.ts";
import { ScriptError } from "./problem.ts";
import { printOne } from "./print.ts";
import type { Item, Part, Script, Slot, Spoken, TypeName } from "./script.ts";
import { holeTypes } from "./types.ts";

/**
 * One script out of two recordings of the same conversation: where they differ stands a hole, with the text of the
 * first as its sample and a type that fits both. What comes again later (a session id that the client gives back) is
 * one name.
 * @throws {ScriptError} where the recordings are not of the same shape
 */
export function generalize(first: Script, second: Script): Script {
  const holes = new Holes();
  const items = merge(first.items, second.items);
  // Only now is it known which values come more than once, and deserve a name.
  return { ...first, items: items.map((item) => holes.finish(item)) };

  function merge(a: readonly Item[], b: readonly Item[]): Item[] {
    if (a.length !== b.length) {
      const index = a.findIndex((item, at) => b[at]?.type !== item.type);
      throw parting(a[index] ?? a.at(-1), b[index] ?? b.at(-1));
    }
    return a.map((item, index) => mergeItem(item, b[index]!));
  }

  function mergeItem(a: Item, b: Item): Item {
    if (a.type === "block" && b.type === "block") {
      const branches = a.branches.map((branch, index) => merge(branch, b.branches[index] ?? []));
      return { ...a, branches };
    }
    if (a.type !== "spoken" || b.type !== "spoken") {
      // Headers and comments may tell different things of the same conversation: titles, dates, targets.
      const isTold = a.type === b.type && (a.type === "header" || a.type === "note" || a.type === "binding");
      if (isTold || printOne(a).join("\n") === printOne(b).join("\n")) return a;
      if (a.type === "direction" && b.type === "direction" && a.act.does === b.act.does) return a;
      throw parting(a, b);
    }
    const isSameSort = a.speaker === b.speaker && a.connection === b.connection && a.kind === b.kind;
    if (!isSameSort || a.payload.lines.length !== b.payload.lines.length) throw parting(a, b);
    const lines = a.payload.lines.map((parts, row) => holes.between(parts, b.payload.lines[row]!));
    return { ...a, payload: { ...a.payload, lines } };
  }

  function parting(a: Item | undefined, b: Item | undefined): ScriptError {
    const line = a?.at.line ?? 1;
    const source = a === undefined ? "" : (printOne(a)[0] ?? "");
    const other = b === undefined ? "the end" : `line ${b.at.line}: ${printOne(b)[0] ?? ""}`;
    const message = `the recordings part here; ${second.file} has ${other}`;
    return new ScriptError([{ file: first.file, line, column: 1, width: source.length, message, source }]);
  }
}

/** A hole that may still become a name. */
type Draft = Slot & { readonly pair: string };

class Holes {
  readonly #seen = new Map<string, number>();
  readonly #names = new Map<string, string>();

  between(a: readonly Part[], b: readonly Part[]): Part[] {
    const isPlain = [...a, ...b].every((part) => part.type === "literal");
    // A recording that already has holes (`227 … (${data:pasv})`) keeps them; only plain text is compared.
    if (!isPlain) return [...a];
    return align(words(textOf(a)), words(textOf(b)), (x, y) => x === y).map((stretch): Part => {
      const before = stretch.before.join("");
      const after = stretch.after.join("");
      if (stretch.isSame) return { type: "literal", text: before };
      const pair = `${before}\0${after}`;
      this.#seen.set(pair, (this.#seen.get(pair) ?? 0) + 1);
      const kind = typeOf(before, after);
      const draft: Draft = {
        type: "slot",
        ...(kind === undefined ? {} : { kind }),
        sample: bytesOf(before),
        pair,
      };
      return draft;
    });
  }

  finish(item: Item): Item {
    if (item.type === "block") {
      return { ...item, branches: item.branches.map((branch) => branch.map((inner) => this.finish(inner))) };
    }
    if (item.type !== "spoken") return item;
    const lines = item.payload.lines.map((parts) => parts.map((part) => this.#named(part, item)));
    return { ...item, payload: { ...item.payload, lines } };
  }

  #named(part: Part, line: Spoken): Part {
    if (part.type !== "slot" || !("pair" in part)) return part;
    const { pair, ...slot } = part as Draft;
    if ((this.#seen.get(pair) ?? 0) < 2) return slot;
    const known = this.#names.get(pair);
    if (known !== undefined) return { type: "slot", name: known };
    const name = `${line.speaker.toLowerCase()}${this.#names.size + 1}`;
    this.#names.set(pair, name);
    return { ...slot, name };
  }
}

function textOf(parts: readonly Part[]): string {
  return parts.map((part) => (part.type === "literal" ? part.text : "")).join("");
}

/** From the narrowest to the widest. */
const candidates: readonly TypeName[] = ["int", "ip", "stamp", "hex", "b64", "word"];

/** The narrowest type that both values are of. */
export function typeOf(...values: readonly string[]): TypeName | undefined {
  return candidates.find((name) => {
    const pattern = new RegExp(`^${holeTypes[name].pattern}$`);
    // Short words are hexadecimal or base64 by chance.
    const isLong = name !== "hex" && name !== "b64" ? true : values.every((value) => value.length >= 8);
    return isLong && values.every((value) => pattern.test(bytesOf(value)));
  });
}
