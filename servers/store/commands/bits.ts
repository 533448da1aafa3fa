import type { Command } from "../command.ts";
import { integerOf, integerWithin } from "../numbers.ts";
import { integer } from "../reply.ts";
import { refuse, syntaxError } from "../refusal.ts";

const maxOffset = 2 ** 32 - 1;
const complaint = "bit offset is not an integer or out of range";

function bitAt(text: string, offset: number): number {
  const byte = text.charCodeAt(offset >> 3) || 0;
  return (byte >> (7 - (offset & 7))) & 1;
}

export const setBit: Command = {
  name: "setbit",
  arity: 4,
  flags: ["write", "denyoom"],
  keys: [1, 1, 1],
  run: (words, { db, engine }) => {
    const key = words[1]!;
    const offset = integerWithin(words[2]!, 0, maxOffset, complaint);
    const bit = words[3];
    if (bit !== "0" && bit !== "1") return refuse("bit is not an integer or out of range");
    const at = Math.floor(offset / 8);
    if (at >= engine.options.maxValueBytes) return refuse(complaint);
    const text = (db.string(key) ?? "").padEnd(at + 1, "\0");
    const mask = 1 << (7 - (offset % 8));
    const byte = text.charCodeAt(at);
    db.replace(
      key,
      text.slice(0, at) + String.fromCharCode(bit === "1" ? byte | mask : byte & ~mask) + text.slice(at + 1),
    );
    return integer(byte & mask ? 1 : 0);
  },
};

export const getBit: Command = {
  name: "getbit",
  arity: 3,
  flags: ["readonly", "fast"],
  keys: [1, 1, 1],
  run: (words, { db }) => {
    const offset = integerWithin(words[2]!, 0, maxOffset, complaint);
    return integer(bitAt(db.string(words[1]!) ?? "", offset));
  },
};

export const bitCount: Command = {
  name: "bitcount",
  arity: -2,
  flags: ["readonly"],
  keys: [1, 1, 1],
  run: (words, { db }) => {
    const unit = words[4]?.toLowerCase() ?? "byte";
    if (words.length === 3 || words.length > 5 || (unit !== "byte" && unit !== "bit")) refuse(syntaxError);
    const text = db.string(words[1]!);
    if (text === undefined) return integer(0);
    const total = unit === "bit" ? text.length * 8 : text.length;
    let from = integerOf(words[2] ?? "0");
    let to = integerOf(words[3] ?? "-1");
    if (from < 0 && to < 0 && from > to) return integer(0);
    if (from < 0) from = Math.max(from + total, 0);
    if (to < 0) to = Math.max(to + total, 0);
    to = Math.min(to, total - 1);
    let count = 0;
    if (unit === "bit") for (let at = from; at <= to; at++) count += bitAt(text, at);
    else
      for (let at = from; at <= to; at++)
        for (let byte = text.charCodeAt(at); byte > 0; byte &= byte - 1) count++;
    return integer(count);
  },
};
