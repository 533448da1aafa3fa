import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { tryExchange } from "../../clients/exchange/index.ts";
import { startSmtp } from "../../servers/smtp/index.ts";
import { loadScript } from "../../wire/exchange/load.ts";
import { update } from "../../wire/exchange/update.ts";
import { runTool, scratch } from "../peers/tools.ts";
import { fileURLToPath } from "node:url";

const command = fileURLToPath(new URL("../../scripts/exchange.ts", import.meta.url));

describe("update()", () => {
  const failure = (line: number, actual: string): Parameters<typeof update>[3] => ({
    kind: "mismatch",
    summary: "",
    at: { file: "f", line },
    script: "",
    actual,
  });

  test("rewrites one line, keeps holes that still fit, and touches nothing else", () => {
    const text = "#  odd   layout\nC:   x  \n(either)\n  S: session ${id:int=1} of alice is old\n(end)\n";
    expect(update(text, "f", "tcp://x", failure(4, "session 42 of bob is new"))).toBe(
      "#  odd   layout\nC:   x  \n(either)\n  S: session ${id:int=1} of bob is new\n(end)\n",
    );
    expect(update(text, "f", "tcp://x", failure(4, "session none of alice"))).toBe(
      "#  odd   layout\nC:   x  \n(either)\n  S: session none of alice\n(end)\n",
    );
  });

  test("rewrites a whole reply, with the marks of the lines that stay", () => {
    const text =
      "target: smtp://x\nC: EHLO a\nS: 250-old\nS&: 250-SIZE ${n:int=1}\nS&: 250-STARTTLS\nS: 250 HELP\nC: QUIT\n";
    expect(update(text, "f", "", failure(5, "250-new.test\n250-SIZE 99\n250 HELP"))).toBe(
      "target: smtp://x\nC: EHLO a\nS: 250-new.test\nS&: 250-SIZE ${n:int=1}\nS&: 250 HELP\nC: QUIT\n",
    );
  });

  test("cannot help when nothing came", () => {
    expect(update("S: a\n", "f", "", { ...failure(1, "b"), kind: "timeout" })).toBeUndefined();
    expect(update("S: a\n", "other", "", failure(1, "b"))).toBeUndefined();
  });
});

test("play --update turns a script of another server into one that passes", async () => {
  await using smtp = await startSmtp({ users: { user: "secret" } });
  using folder = scratch();
  const file = folder.file(
    "x.exchange",
    "(C connects)\nS: 554 go away\nC: EHLO a.test\nS: 250-x\nS&: 250-NONSENSE\nS: 250 y\nC: NOOP\nS: 550 no\nC: QUIT\nS: 221 bye\n(S closes)\n",
  );
  const { code } = await runTool(process.execPath, [command, "play", "--update", "--target", smtp.url, file]);
  expect(code).toBe(0);
  expect(readFileSync(file, "utf8")).toMatch(
    /^\(C connects\)\nS: 220 mail\.test .*\nC: EHLO a\.test\nS: 250-/,
  );
  expect((await tryExchange(loadScript(file), { target: smtp.url })).failure).toBeUndefined();
});
