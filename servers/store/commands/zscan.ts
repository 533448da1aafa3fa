import { printDouble } from "../numbers.ts";
import { scanning } from "../families/scan.ts";
import { SortedSet } from "../values/sorted-set.ts";

export const zScan = scanning(
  "zscan",
  ({ db }, key) => db.of(key, SortedSet)?.scores,
  (member, scores) => [member, printDouble(Number(scores.get(member)))],
);
