import type { Command } from "../command.ts";
import { refuse, syntaxError } from "../refusal.ts";
import { array, bulk, double } from "../reply.ts";
import { poppingFirst, poppingSide } from "./blocking.ts";
import { popScored } from "./sorted-set.ts";
import { SortedSet } from "../values/sorted-set.ts";

export function popping(name: string, isReversed: boolean): Command {
  return poppingFirst(name, ["write", "blocking", "fast"], ({ db, engine, version }, key) => {
    const zset = db.of(key, SortedSet);
    if (!zset) return undefined;
    const [entry] = popScored(zset, isReversed, 1);
    db.changed(key);
    engine.instead(isReversed ? "ZPOPMAX" : "ZPOPMIN", key);
    return array([bulk(key), bulk(entry!.member), double(version, entry!.score)]);
  });
}

export function poppingMany(name: string, from: 1 | 2): Command {
  return poppingSide(name, from, sideNamed, ({ db, engine, version }, key, side, count) => {
    const zset = db.of(key, SortedSet);
    if (!zset) return undefined;
    const popped = popScored(zset, side === "max", count);
    db.changed(key);
    engine.instead(side === "max" ? "ZPOPMAX" : "ZPOPMIN", key, String(count));
    const pairs = popped.map(({ member, score }) => array([bulk(member), double(version, score)]));
    return array([bulk(key), array(pairs)]);
  });
}

function sideNamed(word: string): "min" | "max" {
  const side = word.toLowerCase();
  return side === "min" || side === "max" ? side : refuse(syntaxError);
}
