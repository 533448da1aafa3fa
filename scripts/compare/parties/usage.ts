/** What a process has used. */
export interface Usage {
  /** CPU time of all its threads so far, in milliseconds. */
  readonly cpuMs: number;
  /** Memory that it holds, in bytes, without what is garbage where `--expose-gc` lets it be collected. */
  readonly residentBytes: number;
}

export function usage(): Usage {
  const { user, system } = process.cpuUsage();
  globalThis.gc?.();
  return { cpuMs: (user + system) / 1_000, residentBytes: process.memoryUsage.rss() };
}
