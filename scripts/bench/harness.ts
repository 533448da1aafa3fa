import { type Figure, figureOf } from "./figure.ts";

/**
 * The harness of every bench. A case is a plain object: ours, its peers, and what is asked of the pair. The harness
 * opens all of them, warms them up, and then measures in interleaved rounds, so that whatever else the machine does
 * falls on everybody alike; a ratio is taken within a round, and the median of the rounds' ratios counts.
 */
export interface BenchCase {
  readonly name: string;
  /** Of the value: `mails/s`, `KB`, `ms`. */
  readonly unit: string;
  readonly goals: readonly Goal[];
  readonly ours: Contestant;
  readonly peers: readonly Contestant[];
  /** Things done in a round; found by the warm-up when left out. */
  readonly count?: number;
  /** How long everybody is warmed up at least; 0 where each run starts a server of its own. By default that of the options. */
  readonly warmUpSeconds?: number;
  /** At most so many rounds, for cases that take long. */
  readonly maxRounds?: number;
  /** One client after the other: its own time is part of the figure, so nobody asks whether the server was busy. */
  readonly isSequential?: boolean;
}

/** `against` a peer: what ours divided by the peer's must reach. Without: the same of our own value. */
export interface Goal {
  readonly against?: string;
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** Somebody who takes part in a case. */
export interface Contestant {
  readonly name: string;
  /** The exact version; nothing when it is not installed here. */
  version(): string | undefined | Promise<string | undefined>;
  open(): Promise<Runner>;
}

/** A contestant that is ready, its server in a process of its own. */
export interface Runner {
  /** Do so many things. */
  run(count: number): Promise<Sample>;
  close(): Promise<void>;
}

/** What one round of one contestant gave. */
export interface Sample {
  /** In the unit of the case. */
  readonly value: number;
  readonly seconds: number;
  /** CPU time of the server per thing done, in microseconds. */
  readonly cpuMicros?: number | undefined;
  /** The part of the round in which the server had work (0 to 1); below `saturated` the load was the bottleneck. */
  readonly busy?: number | undefined;
}

export interface BenchOptions {
  readonly rounds: number;
  readonly roundSeconds: number;
  /** By then code is compiled, heaps have grown and files are in memory. */
  readonly warmUpSeconds: number;
  /** Told what is being done. */
  readonly progress: (text: string) => void;
}

export interface CaseResult {
  readonly name: string;
  readonly unit: string;
  readonly count: number;
  readonly rounds: number;
  readonly ours: Standing;
  readonly peers: readonly PeerStanding[];
  readonly missing: readonly string[];
  readonly verdicts: readonly Verdict[];
}

export interface Standing {
  readonly name: string;
  readonly version: string;
  readonly value: Figure;
  readonly cpuMicros?: Figure | undefined;
  readonly busy?: Figure | undefined;
}

export interface PeerStanding extends Standing {
  /** Ours divided by the peer's, round by round. */
  readonly ratio: Figure;
  /** The peer's CPU time per thing divided by ours: what `ratio` would be if nothing but the servers took time. */
  readonly cpuRatio?: Figure | undefined;
}

export interface Verdict {
  readonly goal: Goal;
  readonly isMet: boolean;
  /** The figure that was judged; nothing when the peer is missing. */
  readonly judged: number | undefined;
  /** The load was the bottleneck: CPU time was judged instead of the rate. */
  readonly isByCpu: boolean;
}

/** A server that had work in so much of the round was the bottleneck, and not the load. */
export const saturated = 0.85;

/** Measure one case. */
export async function runCase(bench: BenchCase, options: BenchOptions): Promise<CaseResult> {
  const present: { contestant: Contestant; version: string; samples: Sample[] }[] = [];
  const missing: string[] = [];
  for (const contestant of [bench.ours, ...bench.peers]) {
    const version = await contestant.version();
    if (version === undefined) missing.push(contestant.name);
    else present.push({ contestant, version, samples: [] });
  }
  const runners: Runner[] = [];
  try {
    for (const { contestant } of present) {
      options.progress(`${bench.name}: ${contestant.name} starts`);
      runners.push(await contestant.open());
    }
    const rates: number[] = [];
    for (const [index, runner] of runners.entries()) {
      options.progress(`${bench.name}: ${present[index]!.contestant.name} warms up`);
      rates.push(await warmUp(runner, bench, options));
    }
    const count = bench.count ?? countFor(rates, options);
    const rounds = Math.min(options.rounds, bench.maxRounds ?? Infinity);
    for (let round = 0; round < rounds; round += 1) {
      // Everybody is the first of a round as often as the others.
      for (let turn = 0; turn < runners.length; turn += 1) {
        const index = (round + turn) % runners.length;
        const entry = present[index]!;
        options.progress(`${bench.name}: round ${round + 1} of ${rounds}, ${entry.contestant.name}`);
        entry.samples.push(await runners[index]!.run(count));
      }
    }
    const standings = present.map(standingOf);
    const ours = standings[0];
    if (!ours || ours.name !== bench.ours.name) throw new Error(`${bench.ours.name} could not be started`);
    const peers = standings.slice(1).map((peer, index): PeerStanding => ({
      ...peer,
      ...compared(present[0]!.samples, present[index + 1]!.samples),
    }));
    const verdicts = bench.goals.map((goal) => judge(goal, ours, peers, bench.isSequential ?? false));
    return { name: bench.name, unit: bench.unit, count, rounds, ours, peers, missing, verdicts };
  } finally {
    await Promise.all(runners.map((runner) => runner.close()));
  }
}

/** @returns how many it does in a second by then */
async function warmUp(
  runner: Runner,
  { count: fixed, warmUpSeconds: least }: BenchCase,
  { roundSeconds, warmUpSeconds }: BenchOptions,
): Promise<number> {
  const isWarm = (spent: number): boolean => spent >= (least ?? warmUpSeconds);
  const isLong = (seconds: number): boolean => fixed !== undefined || seconds >= roundSeconds / 2;
  if (fixed !== undefined && isWarm(0)) return NaN;
  let count = fixed ?? 20;
  for (let spent = 0; ;) {
    const { seconds } = await runner.run(count);
    spent += seconds;
    if (isLong(seconds) && isWarm(spent)) return count / seconds;
    if (!isLong(seconds))
      count = Math.ceil(count * Math.min(10, (roundSeconds * 0.7) / Math.max(seconds, 0.001)));
  }
}

/** A round is as long as the fastest can do in `roundSeconds`, but none takes over ten times that. */
function countFor(rates: readonly number[], { roundSeconds }: BenchOptions): number {
  return Math.ceil(Math.min(Math.max(1, ...rates) * roundSeconds, Math.min(...rates) * roundSeconds * 10));
}

function standingOf(entry: { contestant: Contestant; version: string; samples: Sample[] }): Standing {
  const { samples } = entry;
  return {
    name: entry.contestant.name,
    version: entry.version,
    value: figureOf(samples.map((sample) => sample.value)),
    cpuMicros: figureWhenKnown(samples.map((sample) => sample.cpuMicros)),
    busy: figureWhenKnown(samples.map((sample) => sample.busy)),
  };
}

function compared(
  ours: readonly Sample[],
  theirs: readonly Sample[],
): Pick<PeerStanding, "ratio" | "cpuRatio"> {
  const cpu = ours.map((sample, round) => {
    const peer = theirs[round]?.cpuMicros;
    return peer !== undefined && sample.cpuMicros ? peer / sample.cpuMicros : undefined;
  });
  return {
    ratio: figureOf(ours.map((sample, round) => sample.value / theirs[round]!.value)),
    cpuRatio: figureWhenKnown(cpu),
  };
}

function figureWhenKnown(values: readonly (number | undefined)[]): Figure | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === values.length ? figureOf(known) : undefined;
}

function judge(goal: Goal, ours: Standing, peers: readonly PeerStanding[], isSequential: boolean): Verdict {
  const fits = (value: number): boolean =>
    value >= (goal.atLeast ?? -Infinity) && value <= (goal.atMost ?? Infinity);
  if (goal.against === undefined) {
    return { goal, judged: ours.value.median, isMet: fits(ours.value.median), isByCpu: false };
  }
  const peer = peers.find((one) => one.name === goal.against);
  if (!peer) return { goal, judged: undefined, isMet: false, isByCpu: false };
  // Where both wait for the load their rates are the load's: only the work per thing tells them apart.
  const isLoadBound = !isSequential && isIdle(ours) && isIdle(peer);
  const isByCpu = isLoadBound && peer.cpuRatio !== undefined;
  const judged = isByCpu ? peer.cpuRatio.median : peer.ratio.median;
  return { goal, judged, isMet: fits(judged), isByCpu };
}

function isIdle(standing: Standing): boolean {
  return standing.busy !== undefined && standing.busy.median < saturated;
}
