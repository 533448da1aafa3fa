import { availableParallelism, cpus } from "node:os";
import type { Complexity } from "./complexity.ts";
import { complexities } from "./complexity.ts";
import { messageBytes } from "./echo.ts";
import { type FaultResult, faultRound } from "./fault-round.ts";
import type { Link } from "./link.ts";
import { openLoopback } from "./links/loopback.ts";
import { openRelay } from "./links/relay.ts";
import { openTunnel } from "./links/tunnel.ts";
import { type EchoResult, measureEchoes, measureFirstAnswers, type Pace } from "./measure-echo.ts";
import { type Happening, measurePushes, type PushResult } from "./measure-push.ts";
import { transports, type TransportName } from "./transports.ts";

/** Everything that one run of the comparison found. */
export interface Comparison {
  readonly machine: string;
  readonly node: string;
  readonly messageBytes: number;
  /** The round trip of the link that the figures were measured on, in milliseconds; 0 for none added. */
  readonly rttMs: number;
  /** What the link was, and where bytes and packets come from. */
  readonly link: string;
  readonly echoes: readonly EchoResult[];
  readonly firstAnswers: FirstAnswers;
  readonly pushes: readonly PushResult[];
  readonly faults: readonly FaultResult[];
  readonly complexities: readonly Complexity[];
}

/** How many round trips there are until the first answer. */
export interface FirstAnswers {
  /** What they were counted on. */
  readonly link: string;
  readonly rttMs: number;
  readonly rows: readonly {
    readonly name: TransportName;
    readonly title: string;
    /** From nothing to the answer. */
    readonly milliseconds: number;
    /** The same, in round trips of the link; with TCP's own, where the link does not hold it. */
    readonly roundTrips: number;
    /** What the standards ask for. */
    readonly expected: number;
  }[];
}

/** How much is measured. */
export interface Extent extends Pace {
  readonly rttMs: number;
  readonly happening: Happening;
  readonly firstTries: number;
}

/** Long enough that the time of a program does not look like a round trip. */
const countingRttMs = 40;

/**
 * Measure everything.
 * @param progress told what is being done, and which part of the whole is done, 0 to 1
 */
export async function compare(
  extent: Extent,
  progress: (doing: string, part: number) => void,
): Promise<Comparison> {
  const open = await linkOpener(extent.rttMs);
  const echoLink = await open();
  const echoes = await measureEchoes(echoLink, extent, (part) =>
    progress("asking and answering", part * 0.8),
  );
  progress("the server has news", 0.8);
  const pushes = await measurePushes(open, extent.happening);
  progress("the first answer over a distance", 0.95);
  const firstAnswers = await countRoundTrips(extent.rttMs || countingRttMs, extent.firstTries);
  progress("what can go wrong", 0.97);
  const faults = await faultRound();
  progress("done", 1);
  return {
    machine: `${availableParallelism()} × ${cpus()[0]?.model.trim() ?? "processor"}, ${process.platform} ${process.arch}`,
    node: process.version,
    messageBytes,
    rttMs: extent.rttMs,
    link: echoLink.about,
    echoes,
    firstAnswers,
    pushes,
    faults,
    complexities: await complexities(),
  };
}

/** How to open links: in a network of one's own where it is to be had, otherwise through a relay. */
export async function linkOpener(rttMs: number): Promise<() => Promise<Link>> {
  const open = rttMs > 0 ? () => openTunnel(rttMs) : openLoopback;
  try {
    await (await open())[Symbol.asyncDispose]();
    return open;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return () => openRelay(rttMs, messageBytes, why);
  }
}

async function countRoundTrips(rttMs: number, tries: number): Promise<FirstAnswers> {
  const link = await (await linkOpener(rttMs))();
  const times = await measureFirstAnswers(link, tries);
  return {
    link: link.about,
    rttMs,
    rows: Array.from(times, ([name, milliseconds]) => ({
      name,
      title: transports[name].title,
      milliseconds,
      roundTrips: Math.round(milliseconds / rttMs) + (name === "udp" ? 0 : link.unseenRoundTrips),
      expected: transports[name].roundTrips,
    })),
  };
}
