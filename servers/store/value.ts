import type { Hash } from "./values/hash.ts";
import type { List } from "./values/list.ts";
import type { Members } from "./values/members.ts";
import type { SortedSet } from "./values/sorted-set.ts";
import type { Stream } from "./values/stream.ts";

/** What a key can hold; a string is the byte string itself. */
export type Value = string | List | Hash | Members | SortedSet | Stream;

export function typeOf(value: Value | undefined): string {
  if (value === undefined) return "none";
  return typeof value === "string" ? "string" : value.type;
}

const overheadBytes = 64;
const samples = 8;

/** About how many bytes a key and its value take; of a large collection some members are weighed and the rest guessed. */
export function weigh(key: string, value: Value): number {
  const own = key.length + overheadBytes;
  if (typeof value === "string") return own + value.length;
  let looked = 0;
  let bytes = 0;
  for (const weight of weights(value)) {
    bytes += weight + overheadBytes;
    if (++looked === samples) break;
  }
  return looked === 0 ? own : own + Math.round((bytes / looked) * value.size);
}

function* weights(value: Exclude<Value, string>): Generator<number> {
  switch (value.type) {
    case "list":
      for (const item of value.items) yield item.length;
      break;
    case "hash":
      for (const [field, text] of value.fields) yield field.length + text.length;
      break;
    case "set":
      for (const member of value.members) yield member.length;
      break;
    case "zset":
      for (const member of value.scores.keys()) yield member.length + 16;
      break;
    case "stream":
      for (const { fields } of value.entries) yield fields.reduce((sum, field) => sum + field.length, 16);
  }
}
