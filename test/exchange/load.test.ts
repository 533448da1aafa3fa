import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadScript, prepare } from "../../wire/exchange/load.ts";
import { bounds } from "../../wire/exchange/bounds.ts";
import { scratch } from "../peers/tools.ts";

describe("loadScript()", () => {
  test("puts included lines in their place, with their own file and line, and their attachments", () => {
    using folder = scratch();
    folder.file("login.exchange", "title: not used\n# login\nC: USER x\n\n-- a.bin --\nbytes\n");
    const main = folder.file(
      "main.exchange",
      "(C connects)\n(optional)\n  (include login.exchange)\n(end)\nC: QUIT\n",
    );
    const { script, read } = loadScript(main, "main.exchange");
    const [, block, last] = script.items;
    expect(block).toMatchObject({
      type: "block",
      branches: [[{ type: "note" }, { type: "spoken", at: { file: "login.exchange", line: 3 } }]],
    });
    expect(last).toMatchObject({ type: "spoken", at: { file: "main.exchange", line: 5 } });
    expect(read("a.bin")).toBe("bytes\n");
  });

  test("tells every problem of every file, and who included it", () => {
    using folder = scratch();
    folder.file("inner.exchange", "(C conects)\n");
    folder.file("middle.exchange", "C: ok\n(include inner.exchange)\n");
    const main = folder.file(
      "main.exchange",
      "X: y\n(include middle.exchange)\n(include nowhere.exchange)\n",
    );
    expect(() => loadScript(main, "main.exchange")).toThrow(
      [
        "main.exchange:1:1: I don't know the speaker 'X'",
        "    1 | X: y",
        "      | ^^",
        "inner.exchange:1:2: I don't know the stage direction 'C conects'",
        "    1 | (C conects)",
        "      |  ^^^^^^^^^    did you mean 'C connects'?",
        "        included from main.exchange:2",
        "        included from middle.exchange:2",
        "main.exchange:3:10: there is no file 'nowhere.exchange' beside the script",
        "    3 | (include nowhere.exchange)",
        "      |          ^^^^^^^^^^^^^^^^",
      ].join("\n"),
    );
  });

  test("refuses a script that includes itself, by whatever way, and a chain that is too long", () => {
    using folder = scratch();
    const a = folder.file("a.exchange", "(include b.exchange)\n");
    folder.file("b.exchange", "(include a.exchange)\n");
    expect(() => loadScript(a, "a.exchange")).toThrow(/'a\.exchange' includes itself/);
    for (let n = 0; n <= bounds.includeDepth; n++)
      folder.file(`${n}.exchange`, `(include ${n + 1}.exchange)\n`);
    folder.file(`${bounds.includeDepth + 1}.exchange`, "C: x\n");
    expect(() => loadScript(join(folder.path, "0.exchange"))).toThrow(/nested too deeply/);
  });

  test("reads nothing outside of the script's folder, also not through a symbolic link", () => {
    using folder = scratch();
    const inside = join(folder.path, "inside");
    mkdirSync(inside);
    folder.file("secret.txt", "secret");
    folder.file("secret.exchange", "C: secret\n");
    symlinkSync(join(folder.path, "secret.txt"), join(inside, "link.txt"));
    symlinkSync(join(folder.path, "secret.exchange"), join(inside, "link.exchange"));
    writeFileSync(join(inside, "own.txt"), "own");
    writeFileSync(join(inside, "main.exchange"), "C: x\n");
    const { read } = loadScript(join(inside, "main.exchange"));
    expect(read("own.txt")).toBe("own");
    expect(() => read("link.txt")).toThrow(/leads out of the folder/);
    for (const name of ["../secret.txt", "/etc/passwd", "a/../../secret.txt", "C:\\x", ""]) {
      expect(() => read(name)).toThrow(/is not a file beside the script/);
    }
    for (const name of ["link.exchange", "../secret.exchange"]) {
      writeFileSync(join(inside, "main.exchange"), `(include ${name})\n`);
      expect(() => loadScript(join(inside, "main.exchange"))).toThrow(/leads out|not a file beside/);
    }
  });
});

test("a text without a file has nothing beside it", () => {
  const { read } = prepare("C file: a\n\n-- a --\nhere\n", "x");
  expect(read("a")).toBe("here\n");
  expect(() => read("b")).toThrow(/there is no attachment 'b'/);
  expect(() => prepare("(include b)\n", "x")).toThrow(/has nothing to include/);
});
