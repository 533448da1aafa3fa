import fc from "fast-check";
import { expect, test } from "vitest";
import {
  readInput,
  readServerBytes,
  snapshotLength,
  writeDelta,
  writeInput,
  writeSnapshot,
} from "../../../wire/pong/binary-messages.ts";
import { readClientJson, readServerJson, writeJson } from "../../../wire/pong/json-messages.ts";
import type { ClientMessage } from "../../../wire/pong/messages.ts";
import { applyDelta, deltaBetween } from "../../../wire/pong/snapshot.ts";
import { anyDirection, anySnapshot } from "./arbitrary.ts";

const anyPair = fc
  .tuple(anySnapshot, anySnapshot, fc.integer({ min: 1, max: 255 }))
  .map(([from, to, ticks]) => [from, { ...to, tick: Math.min(0xffff_ffff, from.tick + ticks) }] as const);

test("a snapshot is the same after its way in JSON and in 26 bytes", () => {
  fc.assert(
    fc.property(anySnapshot, (snapshot) => {
      expect(readServerJson(writeJson({ type: "snapshot", snapshot }))).toEqual({
        type: "snapshot",
        snapshot,
      });
      const bytes = writeSnapshot(snapshot);
      expect(bytes.length).toBe(snapshotLength);
      expect(readServerBytes(bytes, undefined)).toEqual({ type: "snapshot", snapshot });
    }),
  );
});

test("a delta in either form makes the new snapshot out of the old one, and of no other", () => {
  fc.assert(
    fc.property(anyPair, ([from, to]) => {
      fc.pre(to.tick > from.tick);
      const delta = deltaBetween(from, to);
      const json = readServerJson(writeJson({ type: "delta", delta }));
      expect(json.type === "delta" && applyDelta(from, json.delta)).toEqual(to);
      const binary = readServerBytes(writeDelta(delta)!, from);
      expect(binary.type === "delta" && applyDelta(from, binary.delta)).toEqual(to);
      expect(applyDelta(to, delta)).toBeUndefined();
    }),
  );
});

test("what has not changed costs nothing", () => {
  const [snapshot] = fc.sample(anySnapshot, { seed: 1, numRuns: 1 });
  const later = { ...snapshot!, tick: snapshot!.tick + 3 };
  expect(writeDelta(deltaBetween(snapshot!, later))).toHaveLength(7);
  expect(writeDelta(deltaBetween(snapshot!, { ...later, tick: snapshot!.tick + 256 }))).toBeUndefined();
});

test("an input is the same after its way, and its number is known again from 16 bits", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 0xffff_0000 }),
      fc.integer({ min: -200, max: 200 }),
      fc.integer({ min: 0, max: 0xffff_ffff }),
      anyDirection,
      (lastSeq, ahead, tick, direction) => {
        const input = { type: "input", seq: Math.max(1, lastSeq + ahead), tick, direction } as const;
        expect(readClientJson(writeJson(input))).toEqual(input);
        expect(writeInput(input)).toHaveLength(8);
        expect(readInput(writeInput(input), lastSeq)).toEqual(input);
      },
    ),
  );
});

test.each<[string, RegExp]>([
  ["", /no JSON/],
  ["[]", /no JSON object/],
  ["null", /no JSON object/],
  ['{"type":"fly"}', /no message of type "fly"/],
  ["{}", /no message of type nothing/],
  ['{"type":"input","seq":0,"tick":1,"direction":1}', /seq must be a whole number from 1/],
  ['{"type":"input","seq":1.5,"tick":1,"direction":1}', /seq must be/],
  ['{"type":"input","seq":1,"tick":-1,"direction":1}', /tick must be/],
  ['{"type":"input","seq":1,"tick":1,"direction":2}', /direction must be a whole number from -1 to 1/],
  ['{"type":"input","seq":1,"tick":1,"direction":"1"}', /direction must be/],
  ['{"type":"input","seq":1,"tick":1}', /direction must be/],
  ['{"type":"join","name":""}', /name must be 1 to 24 characters/],
  ['{"type":"join","name":" a"}', /name must be/],
  ['{"type":"join","name":"a\\u202eb"}', /name must be/],
  ['{"type":"join","name":"abcdefghijklmnopqrstuvwxyz"}', /name must be/],
  ['{"type":"join","as":"referee"}', /as must be player or spectator/],
  ['{"type":"join","form":"xml"}', /form must be json or binary/],
  ['{"type":"join","token":7}', /token must be a text/],
  ['{"type":"lag","latencyMs":-1,"jitterMs":0,"lossPercent":0}', /latencyMs must be/],
  ['{"type":"lag","latencyMs":0,"jitterMs":0,"lossPercent":99}', /lossPercent must be/],
])("%s is refused", (text, complaint) => {
  expect(() => readClientJson(text)).toThrow(complaint);
});

test("whatever comes is read or refused with a TypeError, in every reader", () => {
  const refusesOnly = (read: () => unknown): void => {
    try {
      read();
    } catch (error) {
      expect(error).toBeInstanceOf(TypeError);
    }
  };
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      refusesOnly(() => readClientJson(text));
      refusesOnly(() => readServerJson(text));
    }),
  );
  const anyFields = fc.record({
    type: fc.constantFrom("input", "join", "lag", "ping", "snapshot", "delta"),
    seq: fc.anything(),
    tick: fc.anything(),
    direction: fc.anything(),
    ball: fc.anything(),
    phase: fc.anything(),
  });
  fc.assert(
    fc.property(anyFields, (fields) => {
      const text = JSON.stringify(fields);
      refusesOnly(() => readClientJson(text));
      refusesOnly(() => readServerJson(text));
    }),
  );
  fc.assert(
    fc.property(fc.nat({ max: 4 }), fc.uint8Array({ maxLength: 30 }), (kind, rest) => {
      const bytes = Uint8Array.of(kind, ...rest);
      refusesOnly(() => readInput(bytes, 3));
      refusesOnly(() => readServerBytes(bytes, undefined));
    }),
  );
});

test("a name may be of any script", () => {
  const message: ClientMessage = { type: "join", name: "Ωλγα ✓ 李", room: "زرقاء" };
  expect(readClientJson(writeJson(message))).toEqual(message);
});
