import { describe, expect, test } from "vitest";
import { type BenchCase, type BenchOptions, type Contestant, runCase } from "../../scripts/bench/harness.ts";
import type { Sample } from "../../scripts/bench/harness.ts";
import { tableOf } from "../../scripts/bench/table.ts";
import { run } from "./spawned.ts";

const options: BenchOptions = { rounds: 3, roundSeconds: 0.5, warmUpSeconds: 3, progress: () => {} };

/** A contestant that is measured without doing anything; `log` gets its name and count for each run. */
function pretending(
  name: string,
  sample: (count: number, run: number) => Partial<Sample>,
  log: string[] = [],
): Contestant {
  return {
    name,
    version: () => "1.0",
    open: async () => {
      let runs = 0;
      return {
        run: async (count) => {
          log.push(`${name} ${count}`);
          return { value: 1, seconds: 1, ...sample(count, runs++) };
        },
        close: async () => void log.push(`${name} closes`),
      };
    },
  };
}

const steady = (value: number) => (): Partial<Sample> => ({ value });

function caseOf(ours: Contestant, peers: readonly Contestant[], more: Partial<BenchCase> = {}): BenchCase {
  return { name: "a case", unit: "per s", ours, peers, goals: [], count: 7, ...more };
}

describe("the harness of the benches", () => {
  test("warms everybody up, lets them take turns, and closes them", async () => {
    const log: string[] = [];
    const [ours, peer] = [pretending("ours", steady(1), log), pretending("peer", steady(1), log)];
    await runCase(caseOf(ours, [peer]), options);
    const warmUps = ["ours 7", "ours 7", "ours 7", "peer 7", "peer 7", "peer 7"];
    const rounds = ["ours 7", "peer 7", "peer 7", "ours 7", "ours 7", "peer 7"];
    expect(log).toEqual([...warmUps, ...rounds, "ours closes", "peer closes"]);
  });

  test("warms nobody up where each run starts from nothing", async () => {
    const log: string[] = [];
    await runCase(caseOf(pretending("ours", steady(1), log), [], { warmUpSeconds: 0 }), options);
    expect(log).toEqual(["ours 7", "ours 7", "ours 7", "ours closes"]);
  });

  test("finds how many fill a round: as many as the fastest does, but ten rounds of the slowest", async () => {
    const log: string[] = [];
    const perSecond = (rate: number) => (count: number) => ({ seconds: count / rate });
    const { count: _, ...open } = caseOf(pretending("ours", perSecond(1_024), log), [
      pretending("peer", perSecond(512)),
    ]);
    expect((await runCase(open, options)).count).toBe(512);
    expect(log.slice(0, 2)).toEqual(["ours 20", "ours 200"]);
    const slow = pretending("peer", perSecond(16));
    expect((await runCase({ ...open, peers: [slow] }, options)).count).toBe(80);
  });

  test("takes ratios within a round, so that a machine that slows down does not count", async () => {
    const slowing = (value: number) => (_: number, run: number) => ({ value: value / 2 ** run });
    const bench = caseOf(pretending("ours", slowing(30)), [pretending("peer", slowing(20))], {
      goals: [{ against: "peer", atLeast: 1.5 }, { atLeast: 16 }],
      warmUpSeconds: 0,
    });
    const { ours, peers, verdicts } = await runCase(bench, options);
    expect(ours.value).toEqual({ median: 15, min: 7.5, max: 30 });
    expect(peers[0]?.ratio).toEqual({ median: 1.5, min: 1.5, max: 1.5 });
    expect(verdicts.map(({ isMet, judged }) => [isMet, judged])).toEqual([
      [true, 1.5],
      [false, 15],
    ]);
  });

  test("judges CPU time where both wait for the load, but not where waiting is what is measured", async () => {
    const ours = pretending("ours", () => ({ value: 90, busy: 0.5, cpuMicros: 10 }));
    const peer = pretending("peer", () => ({ value: 100, busy: 0.6, cpuMicros: 15 }));
    const goals = [{ against: "peer", atLeast: 1 }];
    const { verdicts } = await runCase(caseOf(ours, [peer], { goals }), options);
    expect(verdicts).toMatchObject([{ isByCpu: true, judged: 1.5, isMet: true }]);
    const waiting = await runCase(caseOf(ours, [peer], { goals, isSequential: true }), options);
    expect(waiting.verdicts).toMatchObject([{ isByCpu: false, judged: 0.9, isMet: false }]);
    const busy = pretending("peer", () => ({ value: 100, busy: 0.9, cpuMicros: 15 }));
    const saturated = await runCase(caseOf(ours, [busy], { goals }), options);
    expect(saturated.verdicts).toMatchObject([{ isByCpu: false, judged: 0.9, isMet: false }]);
  });

  test("names a peer that is not installed, and calls its goal not measured", async () => {
    const absent: Contestant = { ...pretending("peer", steady(1)), version: () => undefined };
    const goals = [{ against: "peer", atLeast: 1 }];
    const result = await runCase(caseOf(pretending("ours", steady(1)), [absent], { goals }), options);
    expect(result.missing).toEqual(["peer"]);
    expect(result.verdicts).toMatchObject([{ isMet: false, judged: undefined }]);
    const table = tableOf([result]);
    expect(table).toMatch(/peer \(missing\).*≥ 1 .*not measured/);
    expect(table).toContain("missing here: peer");
  });

  test("closes everybody when one of them breaks", async () => {
    const log: string[] = [];
    const broken = pretending("peer", () => {
      throw new Error("it fell over");
    });
    const bench = caseOf(pretending("ours", steady(1), log), [broken]);
    await expect(runCase(bench, options)).rejects.toThrow("it fell over");
    expect(log.at(-1)).toBe("ours closes");
  });
});

describe("npm run bench", () => {
  test("lists the cases of every suite, or of those that are named", async () => {
    await using all = run("bench/bench", ["--list"]);
    expect(await all.ended).toBe(0);
    for (const name of ["one-shot nodemailer send", "1 GiB down", "web: a file of 1 GB", "store: GET"])
      expect(all.stdout.split("\n")).toContain(name);
    await using one = run("bench/bench", ["dns", "--list"]);
    expect(await one.ended).toBe(0);
    expect(
      one.stdout
        .trim()
        .split("\n")
        .every((name) => name.startsWith("dns: ")),
    ).toBe(true);
  });

  test("says which suites there are when one is misspelt", async () => {
    await using bench = run("bench/bench", ["smpt"]);
    expect(await bench.ended).toBe(1);
    expect(bench.stderr).toContain('there is no bench "smpt"; there are dns, exchange, ftp');
  });
});
