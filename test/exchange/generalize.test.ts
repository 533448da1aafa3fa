import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { align, words } from "../../wire/exchange/align.ts";
import { generalize } from "../../wire/exchange/generalize.ts";
import { parse } from "../../wire/exchange/parse.ts";
import { print } from "../../wire/exchange/print.ts";

const merged = (a: string, b: string): string => print(generalize(parse(a, "a"), parse(b, "b")));

describe("align()", () => {
  const texts = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 12 });

  test("gives back both sequences, with the same in the same places", () => {
    fc.assert(
      fc.property(texts, texts, (a, b) => {
        const stretches = align(a, b, (x, y) => x === y);
        expect(stretches.flatMap((one) => one.before)).toEqual(a);
        expect(stretches.flatMap((one) => one.after)).toEqual(b);
        for (const one of stretches) if (one.isSame) expect(one.before).toEqual(one.after);
      }),
    );
  });

  test("finds nothing different between equals", () => {
    fc.assert(fc.property(texts, (a) => align(a, a, (x, y) => x === y).every((one) => one.isSame)));
  });

  test("words() loses nothing", () => {
    fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => words(text).join("") === text));
  });
});

describe("generalize", () => {
  test("leaves what is equal, and makes typed holes with the first value of what differs", () => {
    const a =
      "title: a\n\n(C connects)\nS: 220 mail.test ready at 2026-01-01T10:00:00Z pid 17\nC: EHLO x\nS: 250 from 10.0.0.1 port 4711\n";
    const b =
      "title: b\n\n(C connects)\nS: 220 mail.test ready at 2026-01-02T11:22:33Z pid 4\nC: EHLO x\nS: 250 from 127.0.0.1 port 25\n";
    expect(merged(a, b)).toBe(
      "title: a\n\n(C connects)\nS: 220 mail.test ready at ${:stamp=2026-01-01T10:00:00Z} pid ${:int=17}\n" +
        "C: EHLO x\nS: 250 from ${:ip=10.0.0.1} port ${:int=4711}\n",
    );
  });

  test("gives one name to what comes again", () => {
    const a = "S: session u1x\nC: join u1x room\nS: welcome, you\n";
    const b = "S: session zz9\nC: join zz9 room\nS: welcome, you two\n";
    expect(merged(a, b)).toBe("S: session ${s1:word=u1x}\nC: join ${s1} room\nS: welcome, you${=}\n");
  });

  test("is a script that fits both recordings: it prints, parses and prints the same", () => {
    const word = fc.stringMatching(/^[a-z0-9 .-]{1,12}$/).map((text) => text.trim() || "x");
    fc.assert(
      fc.property(fc.array(fc.tuple(word, word), { minLength: 1, maxLength: 5 }), (lines) => {
        const [a, b] = [0, 1].map((side) => lines.map((pair) => `S: ${pair[side]}\n`).join(""));
        const text = merged(a!, b!);
        expect(print(parse(text))).toBe(text);
        if (a === b) expect(text).toBe(a);
      }),
    );
  });

  test("says where recordings of different shape part", () => {
    expect(() => merged("S: a\nC: b\n", "S: a\nS: c\n")).toThrow(
      /a:2:1: the recordings part here; b has line 2: S: c/,
    );
    expect(() => merged("S: a\n(C closes)\n", "S: a\n")).toThrow(/the recordings part here/);
  });
});
