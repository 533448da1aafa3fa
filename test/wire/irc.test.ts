import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  byteLength,
  fitted,
  foldName,
  isNick,
  isRoomName,
  nickOf,
  parseIrc,
  printIrc,
} from "../../wire/irc.ts";
import { fitsMask, wholeMask } from "../../wire/irc-mask.ts";

describe("parseIrc()", () => {
  test("takes tags, source, command and parameters apart", () => {
    const { tags, ...rest } = parseIrc(
      "@id=1;+a/b=x\\:y\\sz\\\\;empty= :ann!a@h  privmsg #tea :hello : there",
    );
    expect(Object.fromEntries(tags)).toEqual({ id: "1", "+a/b": "x;y z\\", empty: "" });
    expect(rest).toEqual({ source: "ann!a@h", command: "PRIVMSG", params: ["#tea", "hello : there"] });
  });

  test("refuses nothing", () => {
    expect(parseIrc("")).toMatchObject({ command: "", params: [] });
    expect(parseIrc("@")).toMatchObject({ command: "" });
    expect(parseIrc(":only")).toMatchObject({ source: "only", command: "" });
    expect(parseIrc("  PING   a  b ")).toMatchObject({ command: "PING", params: ["a", "b"] });
    expect(parseIrc("PING :")).toMatchObject({ params: [""] });
    // A backslash before another letter, or at the end, means nothing (IRCv3 message-tags).
    expect(parseIrc("@a=\\b\\ X").tags.get("a")).toBe("b");
  });

  test("reads what printIrc() wrote", () => {
    const name = fc.stringMatching(/^[a-z][a-z/.-]{0,8}$/);
    const word = fc.stringMatching(/^[^ :@\r\n\0][^ \r\n\0]{0,8}$/u);
    const text = fc.string({ unit: "binary" }).map((given) => given.replaceAll(/[\r\n\0]/g, ""));
    const tagText = fc.string({ unit: "binary" }).map((given) => given.replaceAll("\0", ""));
    fc.assert(
      fc.property(
        fc.dictionary(name, tagText, { maxKeys: 3 }),
        fc.option(word, { nil: "" }),
        fc.stringMatching(/^[A-Z]{3,8}$/),
        fc.array(word, { maxLength: 4 }),
        fc.option(text, { nil: undefined }),
        (tags, source, command, params, last) => {
          const line = printIrc({ tags: Object.entries(tags), source, command, params, text: last });
          expect(line).not.toMatch(/[\r\n]/);
          const read = parseIrc(line);
          expect(new Map(read.tags)).toEqual(new Map(Object.entries(tags)));
          expect(read).toMatchObject({ source, command });
          expect(read.params).toEqual(last === undefined ? params : [...params, last]);
        },
      ),
    );
  });
});

describe("names", () => {
  test("are compared without case, in ASCII", () => expect(foldName("#TeaÄ[]")).toBe("#teaÄ[]"));

  test.each(["ann", "[ann]", "a-1", "_"])("%s is a nick", (nick) => expect(isNick(nick)).toBe(true));
  test.each(["", "1a", "-a", "a b", "a!b", "ä", "a".repeat(31)])("%j is none", (nick) =>
    expect(isNick(nick)).toBe(false),
  );
  test.each(["#a", "#täg", `#${"a".repeat(63)}`])("%s is a room", (name) =>
    expect(isRoomName(name)).toBe(true),
  );
  test.each(["", "#", "a", "#a,b", "#a b", "#a\x07", `#${"a".repeat(64)}`])("%j is none", (name) =>
    expect(isRoomName(name)).toBe(false),
  );

  test("the nick of a source", () =>
    expect([nickOf("ann!a@h"), nickOf("chat.test")]).toEqual(["ann", "chat.test"]));
});

test("fitted() never cuts a character", () => {
  expect(fitted("aé✓😀", 10)).toBe("aé✓😀");
  expect(fitted("aé✓😀", 9)).toBe("aé✓");
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.nat(40), (text, most) => {
      const kept = fitted(text, most);
      expect(text.startsWith(kept)).toBe(true);
      expect(byteLength(kept)).toBeLessThanOrEqual(most);
      expect(kept.isWellFormed()).toBe(true);
    }),
  );
});

describe("masks", () => {
  test.each([
    ["*", "", true],
    ["*", "anything", true],
    ["ann!*@*", "Ann!ann@127.0.0.1", true],
    ["ann!*@*", "anna!ann@127.0.0.1", false],
    ["*!*@127.0.?.1", "ann!ann@127.0.0.1", true],
    ["*!*@127.0.?.1", "ann!ann@127.0.00.1", false],
    ["a*n*n", "axxnxn", true],
    ["a*n*n", "axxnx", false],
    ["?", "", false],
    ["[a]*", "[A]bc", true],
    ["", "", true],
  ] as const)("%j fits %j: %j", (mask, text, fits) => expect(fitsMask(text, mask)).toBe(fits));

  test("fit like the expression that they stand for", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 8 });
    const text = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 10 });
    fc.assert(
      fc.property(text, letters, (said, mask) => {
        const expression = mask.replaceAll("*", ".*").replaceAll("?", ".");
        expect(fitsMask(said, mask)).toBe(new RegExp(`^${expression}$`).test(said));
      }),
    );
  });

  test("take no time that grows with their stars", () => {
    const beganMs = performance.now();
    expect(fitsMask("a".repeat(500), `${"a*".repeat(250)}b`)).toBe(false);
    expect(performance.now() - beganMs).toBeLessThan(1_000);
  });

  test.each([
    ["ann", "ann!*@*"],
    ["ann!a", "ann!a@*"],
    ["*@host", "*!*@host"],
    ["a@host", "*!a@host"],
    ["ann!a@host", "ann!a@host"],
    ["", "*!*@*"],
  ])("%j written out is %j", (mask, whole) => expect(wholeMask(mask)).toBe(whole));
});
