import { existsSync, readdirSync } from "node:fs";
import { parseArgs } from "node:util";
import { type BenchCase, type BenchOptions, type CaseResult, runCase } from "./harness.ts";
import { tableOf } from "./table.ts";

/*
 * npm run bench -- [suite…] [--rounds N] [--quick] [--json] [--only TEXT] [--list]
 *
 * A suite is a file beside this one with a folder of the same name: `smtp.ts` and `smtp/`. It exports `cases`.
 */

const usage = `npm run bench -- [suite…] [flags]

  suite…         which benches: ${suiteNames().join(", ")} (all by default)
  --only TEXT    only cases with TEXT in their name
  --against TEXT only peers with TEXT in their name
  --rounds N     interleaved rounds (default 9, with --quick 3)
  --quick        short rounds: a look, not a measurement
  --json         one JSON document instead of the table
  --list         the names of the cases
  --help         this text

The exit code is 1 when a goal is not met, or could not be measured.`;

await main().catch((error: unknown) => {
  console.error(error instanceof TypeError ? `${error.message}\n\n${usage}` : error);
  process.exitCode = 1;
});

async function main(): Promise<void> {
  const { values: flags, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      only: { type: "string", default: "" },
      against: { type: "string", default: "" },
      rounds: { type: "string" },
      quick: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      list: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (flags.help) {
    console.log(usage);
    return;
  }
  const rounds = Number(flags.rounds ?? (flags.quick ? 3 : 9));
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new TypeError(`--rounds takes a number from 1, not "${flags.rounds}"`);
  const cases = (await casesOf(positionals))
    .filter(({ name }) => name.includes(flags.only))
    .map((bench) => onlyAgainst(bench, flags.against));
  if (flags.list) {
    for (const { name } of cases) console.log(name);
    return;
  }
  const results = await runAll(cases, {
    rounds,
    roundSeconds: flags.quick ? 0.3 : 0.7,
    warmUpSeconds: flags.quick ? 0.5 : 3,
    progress: showProgress,
  });
  showProgress("");
  const machine = { node: process.version, platform: `${process.platform} ${process.arch}` };
  if (flags.json) console.log(JSON.stringify({ ...machine, results }, undefined, 2));
  else if (results.length > 0) console.log(tableOf(results));
  const isMet = results.every((result) => result.verdicts.every((verdict) => verdict.isMet));
  process.exitCode = isMet && results.length === cases.length ? 0 : 1;
}

/** A case that breaks is told and left out; the others are measured all the same. */
async function runAll(cases: readonly BenchCase[], options: BenchOptions): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  for (const bench of cases) {
    try {
      results.push(await runCase(bench, options));
    } catch (error) {
      showProgress("");
      console.error(`${bench.name}: not measured:`, error);
    }
  }
  return results;
}

async function casesOf(asked: readonly string[]): Promise<BenchCase[]> {
  const names = suiteNames();
  const unknown = asked.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new TypeError(`there is no bench "${unknown}"; there are ${names.join(", ")}`);
  const chosen = asked.length > 0 ? asked : names;
  const suites = await Promise.all(
    chosen.map(async (name) => (await import(`./${name}.ts`)) as { readonly cases: readonly BenchCase[] }),
  );
  return suites.flatMap((suite) => suite.cases);
}

function onlyAgainst(bench: BenchCase, text: string): BenchCase {
  return {
    ...bench,
    peers: bench.peers.filter(({ name }) => name.includes(text)),
    goals: bench.goals.filter(({ against }) => against === undefined || against.includes(text)),
  };
}

function suiteNames(): string[] {
  return readdirSync(import.meta.dirname, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(`${import.meta.dirname}/${entry.name}.ts`))
    .map((entry) => entry.name);
}

function showProgress(text: string): void {
  if (process.stderr.isTTY)
    process.stderr.write(`\r\u001b[2K${text.slice(0, (process.stderr.columns ?? 80) - 1)}`);
}
