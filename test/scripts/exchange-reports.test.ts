import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { startSmtp } from "../../servers/smtp/index.ts";
import { runTool, scratch } from "../peers/tools.ts";

const script = fileURLToPath(new URL("../../scripts/exchange.ts", import.meta.url));
const run = async (...args: string[]): Promise<{ readonly code: number | null; readonly stdout: string }> =>
  await runTool(process.execPath, [script, ...args], { codes: "any" });

const right = "title: right\n(C connects)\nS: 220 hi\nC: QUIT\nS: 221 bye\n(S closes)\n";
const wrong = "title: wrong\n(C connects)\nS: 220 hi\nC: NOOP\nS: 500 what?\n";

test("play tells of many files as text, TAP, NDJSON and JUnit, and exits 4 when one differs", async () => {
  using folder = scratch();
  folder.file("a.exchange", right);
  folder.file("b.exchange", wrong);
  const junit = `${folder.path}/report.xml`;
  await using smtp = await startSmtp();
  const play = (...more: string[]): ReturnType<typeof run> =>
    run("play", `${folder.path}/*.exchange`, "--target", smtp.url, ...more);
  const [text, tap, json] = await Promise.all([
    play("--report", `junit=${junit}`),
    play("--report", "tap"),
    play("--report", "json"),
  ]);
  expect([text.code, tap.code, json.code]).toEqual([4, 4, 4]);
  expect(text.stdout).toMatch(/^PASS .*a\.exchange/m);
  expect(text.stdout).toMatch(/^FAIL .*b\.exchange:5   the reply has another code: expected 500/m);
  expect(text.stdout).toMatch(/2 files: 1 passed, 1 failed/);
  expect(tap.stdout).toMatch(
    /^TAP version 14\n1\.\.2\nok 1 - .*a\.exchange - right\n[^]*\nnot ok 2 - .*b\.exchange - wrong/,
  );
  const events = json.stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { event: string; passed?: boolean });
  expect(events.filter(({ event }) => event === "end").map(({ passed }) => passed)).toEqual([true, false]);
  expect(events.filter(({ event }) => event === "line").length).toBeGreaterThan(5);
  expect(readFileSync(junit, "utf8")).toMatch(
    /<testsuites tests="2" failures="1"[^]*<failure type="mismatch"/,
  );
});

test("generalize makes one script of two recordings, with holes where they differ", async () => {
  using folder = scratch();
  const a = folder.file("a.exchange", "target: smtp://a:1\n(C connects)\nS=: 250 queued as 17\n");
  const b = folder.file("b.exchange", "target: smtp://a:1\n(C connects)\nS=: 250 queued as 18\n");
  const { code, stdout } = await run("generalize", a, b);
  expect(stdout).toMatch(/S=: 250 queued as \$\{\w*:int=17\}/);
  expect(code).toBe(0);
});

test("--seed repeats the chances of another run, in place of the script's own seed", async () => {
  using folder = scratch();
  const file = folder.file(
    "a.exchange",
    "seed: 1\n(C connects)\n" +
      "(whenever 50%)\n  S: 250 ...\n  C: RSET\n  S: 250 ok\n  (pass)\n(end)\n" +
      `S: 220 hi\n${"C: NOOP\nS: 250 ok\n".repeat(12)}C: QUIT\nS: 221 bye\n`,
  );
  await using smtp = await startSmtp();
  const faults = async (...seed: string[]): Promise<string[]> => {
    const { stdout } = await run("play", file, "--target", smtp.url, ...seed);
    return [...stdout.matchAll(/time \d+/g)].map(([found]) => found);
  };
  const [own, seven, again] = await Promise.all([faults(), faults("--seed", "7"), faults("--seed", "7")]);
  expect(seven).toEqual(again);
  expect(seven.length).toBeGreaterThan(0);
  expect(seven).not.toEqual(own);
});
