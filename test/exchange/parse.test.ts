import { readFileSync, readdirSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { explain } from "../../wire/exchange/problem.ts";
import { parse, tryParse } from "../../wire/exchange/parse.ts";
import { print } from "../../wire/exchange/print.ts";
import { headerOf } from "../../wire/exchange/script.ts";
import type { Spoken } from "../../wire/exchange/script.ts";
import { scriptText } from "./scripts.ts";

const folder = new URL("../exchanges/examples/", import.meta.url);
const examples = readdirSync(folder).map(
  (name) => [name, readFileSync(new URL(name, folder), "utf8")] as const,
);

describe("the printer gives back what was parsed", () => {
  test.each(examples)("%s", (name, text) => {
    expect(examples.length).toBe(8);
    // The one spelling that is not the normal form: "2 times" means "first 2 times".
    expect(print(parse(text, name))).toBe(text.replace("(whenever 2 times)", "(whenever first 2 times)"));
  });

  test("random scripts of the grammar", () => {
    fc.assert(
      fc.property(scriptText(), (text) => {
        expect(print(parse(text))).toBe(text);
      }),
      { numRuns: 300 },
    );
  });

  test("printing is settled after one time, whatever the layout was", () => {
    fc.assert(
      fc.property(scriptText(), fc.constantFrom("\r\n", " \n", "\n\n\n"), (text, end) => {
        const loose = text.split(/^-- /m)[0]!.replaceAll("\n", end);
        const once = print(parse(loose));
        expect(print(parse(once))).toBe(once);
      }),
      { numRuns: 100 },
    );
  });
});

test("a kind and a dialect that nobody has are told with the nearest that there is", () => {
  const { problems } = tryParse("dialect: mesage\nC binray: x\n  S@bob& pign: x\nC hex: 00", "bad.exchange");
  expect(problems.map(explain)).toEqual([
    "bad.exchange:1:10: I don't know the dialect 'mesage'\n    1 | dialect: mesage\n      |          ^^^^^^    did you mean 'message'?",
    "bad.exchange:2:3: I don't know the kind 'binray'\n    2 | C binray: x\n      |   ^^^^^^    did you mean 'binary'?",
  ]);
});

describe("the parser survives", () => {
  test("any text at all", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), (text) => {
        const { problems } = tryParse(text);
        for (const problem of problems) expect(explain(problem)).toContain(problem.message);
      }),
    );
  });

  test("scripts with a character removed, doubled or replaced, and points into the file", () => {
    const change = fc.tuple(
      fc.nat(),
      fc.constantFrom("", "(", ")", "${", "}", ":", '"', "\n", "  ", "/", "x"),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...examples),
        fc.array(change, { minLength: 1, maxLength: 3 }),
        ([, text], changes) => {
          let broken = text;
          for (const [at, by] of changes) {
            const index = at % broken.length;
            broken = broken.slice(0, index) + by + broken.slice(index + 1);
          }
          const lines = broken.split("\n");
          for (const problem of tryParse(broken).problems) {
            expect(problem.line).toBeGreaterThan(0);
            expect(problem.line).toBeLessThanOrEqual(lines.length);
            expect(problem.source).toBe(lines[problem.line - 1]);
            expect(problem.column).toBeGreaterThan(0);
            expect(problem.column).toBeLessThanOrEqual(problem.source.length + 1);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

test("all errors of a file are told at once, each with its place, a caret and a suggestion", () => {
  const text = [
    "tilte:  x",
    "",
    "(C conects data)",
    "c: EHLO",
    "C:EHLO",
    "C: ${n:itn}",
    "C: ${b46(user)}",
    "S: ${open",
    "(repeat 99999 times)",
    "(end)",
    "S%: hello",
    "C: ${:/(/}",
    "(or)",
    "(either)",
  ].join("\n");
  expect(tryParse(text, "bad.exchange").problems.map(explain)).toEqual([
    "bad.exchange:1:1: I don't know the header 'tilte'\n    1 | tilte:  x\n      | ^^^^^    did you mean 'title'?",
    "bad.exchange:3:2: I don't know the stage direction 'C conects data'\n    3 | (C conects data)\n      |  ^^^^^^^^^^^^^^    did you mean 'C connects data'?",
    "bad.exchange:4:1: I don't know the speaker 'c'\n    4 | c: EHLO\n      | ^    did you mean 'C'?",
    "bad.exchange:5:3: a blank belongs after the colon\n    5 | C:EHLO\n      |   ^",
    "bad.exchange:6:8: I don't know the type 'itn'\n    6 | C: ${n:itn}\n      |        ^^^    did you mean 'int'?",
    "bad.exchange:7:6: I don't know the function 'b46'\n    7 | C: ${b46(user)}\n      |      ^^^    did you mean 'b64'?",
    "bad.exchange:8:4: the hole has no '}'\n    8 | S: ${open\n      |    ^^^^^^",
    "bad.exchange:9:2: at most 10000 repetitions\n    9 | (repeat 99999 times)\n      |  ^^^^^^^^^^^^^^^^^^",
    "bad.exchange:11:1: I don't know the mark '%'; there are ? * + & =\n   11 | S%: hello\n      | ^^^",
    "bad.exchange:12:8: a wrong regular expression: Unterminated group\n   12 | C: ${:/(/}\n      |        ^",
    "bad.exchange:13:2: (or) without a block\n   13 | (or)\n      |  ^^",
    "bad.exchange:14:1: this block has no (end)\n   14 | (either)\n      | ^",
  ]);
});

describe("a line", () => {
  const spoken = (text: string): Spoken => parse(text).items[0] as Spoken;

  test("keeps everything but holes literal", () => {
    expect(spoken('C@bob? json: {"a":"$1\\d","b":{}}')).toMatchObject({
      speaker: "C",
      connection: "bob",
      mark: "?",
      kind: "json",
      payload: { lines: [[{ type: "literal", text: '{"a":"$1\\d","b":{}}' }]], below: false, rest: false },
    });
  });

  test("goes on in deeper lines, empty ones among them", () => {
    const { payload } = spoken("C:\n  Subject: x\n\n    deep\n  end...\n\nS: 250");
    expect(payload.below).toBe(true);
    expect(payload.rest).toBe(true);
    expect(
      payload.lines.map((line) => line.map((part) => (part.type === "literal" ? part.text : "")).join("")),
    ).toEqual(["Subject: x", "", "  deep", "end"]);
  });

  test("has holes with name, type, regular expression and sample", () => {
    expect(spoken("S: ${a:/[/}]{2}/=x y}${b=}${:int}").payload.lines[0]).toEqual([
      { type: "slot", name: "a", regex: "[/}]{2}", sample: "x y" },
      { type: "slot", name: "b", sample: "" },
      { type: "slot", kind: "int" },
    ]);
  });
});

test("headers are read by key and connection", () => {
  const script = parse("target: ftp://x\ndialect@data: line\ntimeout: 1.5s\n");
  expect(headerOf(script, "dialect", "data")).toBe("line");
  expect(headerOf(script, "dialect")).toBeUndefined();
  expect(headerOf(script, "timeout")).toBe("1.5s");
});

test("CRLF files and a byte order mark are read like plain ones", () => {
  const text = "\uFEFFtitle: x\r\n\r\nC: a\r\n-- f --\r\nbytes\r\n";
  expect(print(parse(text))).toBe("title: x\n\nC: a\n\n-- f --\nbytes\n");
});

test("a script over the bound of lines is refused", () => {
  expect(tryParse("C: x\n".repeat(20_001)).problems[0]!.message).toContain("20000 lines");
});
