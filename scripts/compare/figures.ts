/**
 * What crossed a network, both directions together: as IP sees it, without the link layer, where the kernel counted;
 * what the application sent, without packets, where a relay did.
 */
export interface Crossed {
  readonly bytes: number;
  readonly packets: number | undefined;
}

/** What crossed between two looks at the counters, where there are any. */
export function crossedSince(before: Crossed | undefined, after: Crossed | undefined): Crossed | undefined {
  if (before === undefined || after === undefined) return undefined;
  const packets =
    after.packets === undefined || before.packets === undefined ? undefined : after.packets - before.packets;
  return { bytes: after.bytes - before.bytes, packets };
}

/** Half of the values are at most `p50`, 99 of 100 at most `p99`. */
export interface Figures {
  readonly p50: number;
  readonly p99: number;
  readonly mean: number;
  readonly max: number;
}

/** @param values at least one */
export function figuresOf(values: readonly number[]): Figures {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]!;
  return {
    p50: at(0.5),
    p99: at(0.99),
    mean: sorted.reduce((sum, value) => sum + value, 0) / sorted.length,
    max: sorted.at(-1)!,
  };
}

/** @param values at least one */
export function medianOf(values: readonly number[]): number {
  return figuresOf(values).p50;
}
