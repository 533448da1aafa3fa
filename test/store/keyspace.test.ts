import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Keyspace } from "../../servers/store/keyspace.ts";

/** What is done to a keyspace and to a Map, side by side. */
const step = fc.oneof(
  fc.record({ do: fc.constant("set" as const), key: fc.nat(60), value: fc.nat() }),
  fc.record({ do: fc.constant("delete" as const), key: fc.nat(60) }),
  fc.record({ do: fc.constant("iterate" as const) }),
  fc.record({ do: fc.constant("next" as const), which: fc.nat(3) }),
);

describe("Keyspace", () => {
  test("does what a Map does, its iterators too, whatever is added and removed meanwhile", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400, size: "max" }), (steps) => {
        const ours = new Keyspace<number>();
        const map = new Map<string, number>();
        const walks: [Iterator<string>, Iterator<string>][] = [];
        for (const one of steps) {
          const key = "key" in one ? `key:${one.key}` : "";
          if (one.do === "set") {
            ours.set(key, one.value);
            map.set(key, one.value);
          } else if (one.do === "delete") expect(ours.delete(key)).toBe(map.delete(key));
          else if (one.do === "iterate") walks.push([ours.keys(), map.keys()]);
          else if (walks.length > 0) {
            const [mine, theirs] = walks[one.which % walks.length]!;
            expect(mine.next()).toEqual(theirs.next());
          }
          expect(ours.get(key)).toBe(map.get(key));
          expect(ours.size).toBe(map.size);
        }
        expect([...ours]).toEqual([...map]);
        for (const [mine, theirs] of walks) {
          const left: string[] = [];
          for (let next = mine.next(); !next.done; next = mine.next()) left.push(next.value);
          expect(left).toEqual([...{ [Symbol.iterator]: () => theirs }]);
        }
      }),
      { numRuns: 100 },
    );
  });

  test("gives every key by chance, and nothing when there is none", () => {
    const keys = new Keyspace<number>();
    expect(keys.anyKey()).toBeUndefined();
    for (let n = 0; n < 100; n++) keys.set(String(n), n);
    for (let n = 0; n < 97; n++) keys.delete(String(n));
    const given = new Set(Array.from({ length: 300 }, () => keys.anyKey()));
    expect(given).toEqual(new Set(["97", "98", "99"]));
  });
});
