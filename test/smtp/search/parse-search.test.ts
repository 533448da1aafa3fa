import fc from "fast-check";
import { expect, test } from "vitest";
import { parseSearch } from "../../../servers/smtp/search/parse-search.ts";

const tests = (query: string, timeZone?: string) => parseSearch(query, timeZone).map(({ test }) => test);

test("parseSearch() cuts at white space and keeps quotes together", () => {
  expect(tests(' welcome  "your code"\tfrom:"Ann Lee" ')).toEqual([
    { kind: "words", words: "welcome" },
    { kind: "words", words: "your code" },
    { kind: "field", field: "from", part: "ann lee" },
  ]);
  expect(tests("")).toEqual([]);
});

test("parseSearch() turns a term round after - or !", () => {
  expect(
    parseSearch('-spam !from:ann -"two words" --flag - !').map(({ isNegated, test }) => [isNegated, test]),
  ).toEqual([
    [true, { kind: "words", words: "spam" }],
    [true, { kind: "field", field: "from", part: "ann" }],
    [true, { kind: "words", words: "two words" }],
    [true, { kind: "words", words: "-flag" }],
    [false, { kind: "words", words: "-" }],
    [false, { kind: "words", words: "!" }],
  ]);
});

test.each([
  ["to:Bob@X", { kind: "field", field: "to", part: "bob@x" }],
  ["CC:a", { kind: "field", field: "cc", part: "a" }],
  ["bcc:a", { kind: "field", field: "bcc", part: "a" }],
  ["addressed:a", { kind: "field", field: "addressed", part: "a" }],
  ["reply-to:a", { kind: "field", field: "replyTo", part: "a" }],
  ['subject:"Two Words"', { kind: "field", field: "subject", part: "two words" }],
  ["message-id:<a@B>", { kind: "field", field: "messageId", part: "a@b" }],
  ["tag:Red", { kind: "tag", tag: "red" }],
  ["is:read", { kind: "is", state: "read" }],
  ["is:UNREAD", { kind: "is", state: "unread" }],
  ["is:tagged", { kind: "is", state: "tagged" }],
  ["has:attachment", { kind: "has", part: "attachment" }],
  ["has:attachments", { kind: "has", part: "attachment" }],
  ["has:inline", { kind: "has", part: "inline" }],
  ["larger:500", { kind: "larger", bytes: 500 }],
  ["larger:10k", { kind: "larger", bytes: 10_240 }],
  ["smaller:2M", { kind: "smaller", bytes: 2_097_152 }],
  ["smaller:1.5MB", { kind: "smaller", bytes: 1_572_864 }],
  ["https://example.com", { kind: "words", words: "https://example.com" }],
  ["x-from:ann", { kind: "words", words: "x-from:ann" }],
])("parseSearch() reads %s", (query, expected) => {
  expect(tests(query)).toEqual([expected]);
});

test.each([
  ["after:2026-01-31", "UTC", "2026-01-31T00:00:00.000Z"],
  ["after:2026-01-31", "Europe/Berlin", "2026-01-30T23:00:00.000Z"],
  ["after:2026-07-01", "America/New_York", "2026-07-01T04:00:00.000Z"],
  ["after:2026-03-29", "Europe/Berlin", "2026-03-28T23:00:00.000Z"],
  ["before:2026-03-29T03:00", "Europe/Berlin", "2026-03-29T01:00:00.000Z"],
  ["before:2026-10-25T03:30", "Europe/Berlin", "2026-10-25T02:30:00.000Z"],
  ['after:"2026-01-31 09:30"', "Asia/Kathmandu", "2026-01-31T03:45:00.000Z"],
  ["before:2026-01-31T09:30:15.25+01:00", "Asia/Tokyo", "2026-01-31T08:30:15.250Z"],
  ["before:2026-01-31t09:30:15z", "Asia/Tokyo", "2026-01-31T09:30:15.000Z"],
  ["after:2024-02-29", "UTC", "2024-02-29T00:00:00.000Z"],
])("parseSearch() reads %s in %s as %s", (query, timeZone, expected) => {
  const kind = query.slice(0, query.indexOf(":"));
  expect(tests(query, timeZone)).toEqual([{ kind, atMs: Date.parse(expected) }]);
});

test.each([
  ['a "open', "the quote at character 3 is not closed"],
  ['from:"open', "the quote at character 6 is not closed"],
  ["a from:", "from: at character 3 expects a value, got none"],
  ["-is:odd", 'is: at character 1 expects read, unread or tagged, got "odd"'],
  ["has:wings", 'has: at character 1 expects attachment or inline, got "wings"'],
  ["larger:-1", 'larger: at character 1 expects a size such as 500, 10k or 2M, got "-1"'],
  [
    "after:yesterday",
    'after: at character 1 expects a date such as 2026-01-31 or 2026-01-31T09:30:00Z, got "yesterday"',
  ],
  ["after:2026-02-30", "expects a date"],
  ["after:2025-02-29", "expects a date"],
  ["before:2026-13-01", "expects a date"],
  ["before:2026-01-01T24:00", "expects a date"],
])("parseSearch() says what is wrong with %s", (query, message) => {
  expect(() => parseSearch(query)).toThrow(TypeError);
  expect(() => parseSearch(query)).toThrow(message);
});

test("parseSearch() names a time zone that there is not", () => {
  expect(() => parseSearch("after:2026-01-31", "Moon/Sea")).toThrow(/no time zone "Moon\/Sea"/);
});

test("parseSearch() gives terms or a TypeError for whatever is typed, and every word comes through", () => {
  fc.assert(
    fc.property(
      fc.string({
        unit: fc.constantFrom(
          "a",
          " ",
          "-",
          "!",
          ":",
          '"',
          "<",
          "\t",
          "\0",
          "é",
          "日",
          "from:",
          "is:",
          "larger:",
        ),
      }),
      (query) => {
        try {
          parseSearch(query);
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError);
        }
      },
    ),
  );
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[^\s"!-][^\s":]{0,9}$/)), (words) => {
      expect(tests(words.join("  "))).toEqual(words.map((word) => ({ kind: "words", words: word })));
    }),
  );
});
