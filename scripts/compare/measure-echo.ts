import type { Link } from "./link.ts";
import { type Crossed, crossedSince, medianOf } from "./figures.ts";
import { Meeting, type Parties } from "./parties.ts";
import type { Calls, CallerRequest, FirstAnswer, Opened, Rate } from "./parties/echo-caller.ts";
import type { Usage } from "./parties/usage.ts";
import { type Transport, type TransportName, transports } from "./transports.ts";

/** What asking and answering costs over one transport. Times are in milliseconds. */
export interface EchoResult {
  readonly name: TransportName;
  readonly title: string;
  /** From sending a message until nothing of it is under way: the answer is there, a connection of its own closed. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Answers in a second, with eight clients asking one after the other. */
  readonly perSecond: number;
  /** Of a message and its answer, both directions. */
  readonly perMessage: Crossed;
  /** Of opening what stays open; nothing where nothing does, or where the first message opens it. */
  readonly setUp: Crossed | undefined;
  /** CPU time of a message and its answer, in microseconds. */
  readonly clientCpuUs: number;
  readonly serverCpuUs: number;
  /** Memory that the server holds for a connection on which nothing happens, in bytes; nothing where none stays. */
  readonly idleBytes: number | undefined;
}

/** How long to measure. */
export interface Pace {
  readonly rounds: number;
  /** Of each transport in each round, in milliseconds. */
  readonly roundMs: number;
  readonly rateMs: number;
  /** Connections that are held to see what one costs. */
  readonly idleConnections: number;
}

const callers = 8;
const openings = 3;

/**
 * Measure the echo over every transport: all are opened, and then take turns, so that whatever else the machine does
 * falls on each alike.
 * @param progress told after each step which part of the whole is done, 0 to 1
 */
export async function measureEchoes(
  link: Link,
  pace: Pace,
  progress: (part: number) => void,
): Promise<EchoResult[]> {
  await using meeting = new Meeting(link);
  const names = Object.keys(transports) as TransportName[];
  const steps = names.length * (pace.rounds + 2);
  let done = 0;
  const step = (): void => progress(++done / steps);
  const entries: Entry[] = [];
  for (const name of names) {
    entries.push(await Entry.open(meeting, name));
    step();
  }
  for (let round = 0; round < pace.rounds; round += 1) {
    for (const entry of entries) {
      await entry.round(pace);
      step();
    }
  }
  const results: EchoResult[] = [];
  for (const entry of entries) {
    results.push(await entry.result(pace));
    step();
  }
  return results;
}

interface Round extends Calls {
  readonly serverCpuMs: number;
}

/** One transport in the comparison. */
class Entry {
  readonly #name: TransportName;
  readonly #link: Link;
  readonly #parties: Parties;
  readonly #setUp: Crossed | undefined;
  readonly #rounds: Round[] = [];

  private constructor(name: TransportName, link: Link, parties: Parties, setUp: Crossed | undefined) {
    this.#name = name;
    this.#link = link;
    this.#parties = parties;
    this.#setUp = setUp;
  }

  static async open(meeting: Meeting, name: TransportName): Promise<Entry> {
    const parties = await meeting.bring("echo-server", "echo-caller", name, name === "udp");
    const opened = await openWarm(parties, meeting.link);
    const setUp = opened !== undefined && opened.bytes > 0 ? opened : undefined;
    return new Entry(name, meeting.link, parties, setUp);
  }

  async round({ roundMs }: Pace): Promise<void> {
    const { server, port } = this.#parties;
    const before = this.#link.crossed(port);
    const usageBefore = await server.ask<Usage>({});
    const calls = await ask<Calls>(this.#parties, { what: "calls", milliseconds: roundMs });
    const { cpuMs } = await server.ask<Usage>({});
    this.#rounds.push({
      ...calls,
      crossed: calls.crossed ?? crossedSince(before, this.#link.crossed(port)),
      serverCpuMs: cpuMs - usageBefore.cpuMs,
    });
  }

  async result({ rateMs, idleConnections }: Pace): Promise<EchoResult> {
    const { title, opensEach }: Transport = transports[this.#name];
    const { perSecond } = await ask<Rate>(this.#parties, { what: "rate", callers, milliseconds: rateMs });
    const each = (value: (round: Round) => number): number => medianOf(this.#rounds.map(value));
    const packets = this.#rounds.every(({ crossed }) => crossed?.packets !== undefined)
      ? each(({ crossed, count }) => (crossed?.packets ?? NaN) / count)
      : undefined;
    const staysOpen = !opensEach && this.#name !== "udp";
    return {
      name: this.#name,
      title,
      p50Ms: each(({ latency }) => latency.p50),
      p99Ms: each(({ latency }) => latency.p99),
      perSecond,
      perMessage: { bytes: each(({ crossed, count }) => (crossed?.bytes ?? NaN) / count), packets },
      setUp: staysOpen ? this.#setUp : undefined,
      clientCpuUs: each(({ cpuMs, count }) => (cpuMs * 1_000) / count),
      serverCpuUs: each(({ serverCpuMs, count }) => (serverCpuMs * 1_000) / count),
      idleBytes: staysOpen ? await this.#idleBytes(idleConnections) : undefined,
    };
  }

  /** What the server holds more with so many connections than without, once some crowds came and went. */
  async #idleBytes(count: number): Promise<number> {
    const { server } = this.#parties;
    for (let crowd = 0; crowd < 3; crowd += 1) await this.#hold(Math.ceil(count / 20), () => {});
    const before = await server.ask<Usage>({});
    let after = before;
    await this.#hold(count, async () => {
      after = await server.ask<Usage>({});
    });
    return Math.max(0, after.residentBytes - before.residentBytes) / count;
  }

  async #hold(count: number, meanwhile: () => void | Promise<void>): Promise<void> {
    await ask(this.#parties, { what: "hold", count });
    await meanwhile();
    await ask(this.#parties, { what: "let go" });
  }
}

/**
 * Open what stays open, so that everything is compiled when it is measured.
 * @returns what crossed for that: the least of some times, which is what there is to say
 */
export async function openWarm(parties: Parties, link: Link): Promise<Crossed | undefined> {
  let least: Crossed | undefined;
  for (let time = 0; time < openings; time += 1) {
    if (time > 0) await ask(parties, { what: "close" });
    const before = link.crossed(parties.port);
    const opened = await ask<Opened>(parties, { what: "open" });
    const crossed = opened.crossed ?? crossedSince(before, link.crossed(parties.port));
    if (least === undefined || (crossed !== undefined && crossed.bytes < least.bytes)) least = crossed;
  }
  await ask(parties, { what: "warm up" });
  return least;
}

/** The time from nothing to the first answer over each transport, in milliseconds: the best of some tries. */
export async function measureFirstAnswers(
  link: Link,
  tries: number,
): Promise<ReadonlyMap<TransportName, number>> {
  await using meeting = new Meeting(link);
  const times = new Map<TransportName, number>();
  for (const name of Object.keys(transports) as TransportName[]) {
    const parties = await meeting.bring("echo-server", "echo-caller", name, name === "udp");
    const tried: number[] = [];
    for (let index = 0; index < tries; index += 1)
      tried.push((await ask<FirstAnswer>(parties, { what: "first answer" })).milliseconds);
    times.set(name, Math.min(...tried));
  }
  return times;
}

function ask<Answer>({ client }: Parties, request: CallerRequest): Promise<Answer> {
  return client.ask<Answer>(request);
}
