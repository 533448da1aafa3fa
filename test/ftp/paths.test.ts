import fc from "fast-check";
import { expect, test } from "vitest";
import { isGoodName, nameOf, parentOf, quotePath, resolvePath, showName } from "../../servers/ftp/paths.ts";

test.each([
  ["/", "", "/"],
  ["/", "a", "/a"],
  ["/a/b", "c", "/a/b/c"],
  ["/a/b", "", "/a/b"],
  ["/a/b", "..", "/a"],
  ["/", "..", "/"],
  ["/a", "../../../../etc/passwd", "/etc/passwd"],
  ["/a", "/x//y/", "/x/y"],
  ["/a", "./b/.", "/a/b"],
  ["/a", "~", "/"],
  ["/a", "~/b", "/b"],
  ["/a", "~b", "/a/~b"],
  ["/a", "b\\..\\c", "/a/b\\..\\c"],
  ["/a", " b ", "/a/ b "],
  ["/a", "...", "/a/..."],
])("resolvePath(%j, %j) is %j", (folder, argument, expected) => {
  expect(resolvePath(folder, argument)).toBe(expected);
});

test("whatever a client says, its path is absolute and without names that lead out", () => {
  const part = fc.oneof(fc.constantFrom("..", ".", "", "~", "/", "\\"), fc.string());
  fc.assert(
    fc.property(fc.array(part), fc.array(part), (there, said) => {
      const path = resolvePath(resolvePath("/", there.join("/")), said.join("/"));
      expect(path.startsWith("/")).toBe(true);
      expect(
        path === "/" ||
          path
            .slice(1)
            .split("/")
            .every((name) => !["", ".", ".."].includes(name)),
      ).toBe(true);
      expect(resolvePath("/elsewhere", path)).toBe(path);
    }),
  );
});

test("parentOf() and nameOf() take a path apart", () => {
  expect([parentOf("/a/b"), nameOf("/a/b")]).toEqual(["/a", "b"]);
  expect([parentOf("/a"), nameOf("/a")]).toEqual(["/", "a"]);
  expect([parentOf("/"), nameOf("/")]).toEqual(["/", ""]);
});

test("a name with CR, LF or NUL, or of more than 255 bytes, is refused; shown, it stays on its line", () => {
  expect(["/a\rb", "/a\nb", "/a\0b", `/${"ü".repeat(128)}`].map(isGoodName)).toEqual([
    false,
    false,
    false,
    false,
  ]);
  expect(["/a\tb", "/ ", `/${"ü".repeat(127)}`, "/"].map(isGoodName)).toEqual([true, true, true, true]);
  expect(showName("a\r\nb\u007F")).toBe("a??b?");
  expect(quotePath('/the "big" one')).toBe('"/the ""big"" one"');
});
