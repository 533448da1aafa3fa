import type { BenchCase } from "./harness.ts";
import { inProcessStart, type Load, portside, redisServer, underBenchmark } from "./store/contestants.ts";
import { underDelivery } from "./store/delivery.ts";

/** The key-value store against redis-server, under redis-benchmark. */
export const cases: readonly BenchCase[] = [
  commands("GET", 0.95, { what: ["-t", "get"], pipelined: 1 }),
  commands("SET", 0.95, { what: ["-t", "set"], pipelined: 1 }),
  commands("GET, 16 pipelined", 0.85, { what: ["-t", "get"], pipelined: 16 }),
  commands("SET, 16 pipelined", 0.85, { what: ["-t", "set"], pipelined: 16 }),
  commands("SET, file, everysec", 0.95, { what: ["-t", "set"], pipelined: 1, hasFile: true }),
  commands("XADD, 16 pipelined", 0.5, {
    what: ["XADD", "stream", "MAXLEN", "~", "1000", "*", "field", "value"],
    pipelined: 16,
  }),
  delivery("channel, 1 says and 4 hear", "channel"),
  delivery("stream, 1 adds and 4 wait with XREAD", "stream"),
  {
    name: "store: waiting with XREAD for 2 KB, p50",
    unit: "ms",
    ours: underDelivery(portside, "wake"),
    peers: [underDelivery(redisServer, "wake")],
    goals: [{ atMost: 1 }],
    isSequential: true,
    count: 1_000,
  },
  {
    name: "store: start in-process",
    unit: "ms",
    ours: inProcessStart,
    peers: [],
    goals: [{ atMost: 10 }],
    count: 1,
  },
];

function commands(name: string, atLeast: number, load: Load): BenchCase {
  return {
    name: `store: ${name}`,
    unit: "replies/s",
    // redis-benchmark tells no rate for what takes less than a millisecond, as the warm-up would begin.
    count: load.pipelined > 1 ? 300_000 : 50_000,
    ours: underBenchmark(portside, load),
    peers: [underBenchmark(redisServer, load)],
    goals: [{ against: redisServer.name, atLeast }],
  };
}

function delivery(name: string, how: "channel" | "stream"): BenchCase {
  return {
    name: `store: ${name}`,
    unit: "delivered/s",
    ours: underDelivery(portside, how),
    peers: [underDelivery(redisServer, how)],
    goals: [{ against: redisServer.name, atLeast: 0.5 }],
  };
}
