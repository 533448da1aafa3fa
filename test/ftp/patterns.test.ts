import { expect, test } from "vitest";
import { isPattern, matchesPattern } from "../../servers/ftp/patterns.ts";

test.each([
  ["*.xml", "a.xml", true],
  ["*.xml", "a.xml.bak", false],
  ["*.xml", "in/a.xml", false],
  ["out/*.xml", "out/a.xml", true],
  ["out/**", "out/a/b/c", true],
  ["out/**/*.xml", "out/a/b/c.xml", true],
  ["out/**/*.xml", "out/c.xml", true],
  ["**/*.xml", "c.xml", true],
  ["**", "any/thing", true],
  ["a?c", "abc", true],
  ["a?c", "a/c", false],
  ["a?c", "a€c", true],
  ["a?c", "a😀c", true],
  ["[a-c]x", "bx", true],
  ["[a-c]x", "dx", false],
  ["[!a-c]x", "dx", true],
  ["[!a]", "/", false],
  ["[]]", "]", true],
  ["[a-]", "-", true],
  ["[", "[", true],
  ["a*b*c", "a1b2b3c", true],
  ["a*b*c", "a1b2b3", false],
  ["*", "", true],
  ["", "", true],
  ["", "a", false],
  ["a+(b).$", "a+(b).$", true],
])("matchesPattern(%j, %j) is %j", (pattern, text, expected) => {
  expect(matchesPattern(pattern, text)).toBe(expected);
});

test("a pattern made to take for ever does not", () => {
  const startMs = performance.now();
  expect(matchesPattern(`${"*a".repeat(100)}b`, "a".repeat(4_000))).toBe(false);
  expect(matchesPattern(`${"**a".repeat(100)}b`, "a".repeat(4_000))).toBe(false);
  expect(performance.now() - startMs).toBeLessThan(2_000);
});

test("isPattern() tells names from patterns", () => {
  expect(["a", "a*", "a?", "a[b", "a{b}"].map(isPattern)).toEqual([false, true, true, true, false]);
});
