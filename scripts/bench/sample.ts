import type { Sample } from "./harness.ts";
import { type BenchProcess, cpuUsage } from "./process.ts";

/** What a load did, as it says itself. */
export interface Done {
  readonly count: number;
  readonly seconds: number;
  /** In the unit of the case; how many were done in a second when it is left out. */
  readonly value?: number;
}

/** The sample of a load whose server is not looked at. */
export function sampleOf({ count, seconds, value = count / seconds }: Done): Sample {
  return { value, seconds };
}

/**
 * Have a load work, and see how much of it its server did.
 * @param isForking children of the server's process do the work: then nobody looks, as its own CPU time says nothing
 */
export async function sampled(
  server: BenchProcess,
  work: () => Promise<Done>,
  isForking = false,
): Promise<Sample> {
  if (isForking) return sampleOf(await work());
  const before = cpuUsage(server.pid);
  const begin = performance.now();
  const done = await work();
  const elapsedMs = performance.now() - begin;
  const after = cpuUsage(server.pid);
  const sample = sampleOf(done);
  if (!before || !after) return sample;
  return {
    ...sample,
    cpuMicros: ((after.cpuMs - before.cpuMs) * 1_000) / done.count,
    busy: (after.wantedMs - before.wantedMs) / elapsedMs,
  };
}
