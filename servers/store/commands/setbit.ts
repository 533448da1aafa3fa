import type { Command } from "../command.ts";
import { integerWithin } from "../numbers.ts";
import { refuse } from "../refusal.ts";
import { integer } from "../reply.ts";
import { complaint, maxOffset } from "../families/bits.ts";

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
