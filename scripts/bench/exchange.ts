import { forwarding, growing, playing, ruled } from "./exchange/contestants.ts";
import type { BenchCase } from "./harness.ts";

/** What the exchange language costs a client, and what an interposer without rules costs a connection. */
export const cases: readonly BenchCase[] = [
  {
    name: "exchange: SMTP conversations played",
    unit: "conversations/s",
    ours: playing("script", "playExchange()"),
    peers: [playing("bare", "bare socket")],
    // At most 1.3 times what a client costs that is written for this one conversation.
    goals: [{ against: "bare socket", atLeast: 0.77 }],
    isSequential: true,
    count: 1_000,
  },
  {
    name: "exchange: bytes through an interposer without rules",
    unit: "MB/s",
    ours: forwarding("interposer", "startInterposer()"),
    peers: [forwarding("pipe", "bare pipe")],
    goals: [{ against: "bare pipe", atLeast: 0.8 }],
    isSequential: true,
  },
  {
    name: "exchange: 1 GB through it, growth of its memory",
    unit: "MB",
    ours: growing("interposer", "startInterposer()"),
    peers: [growing("pipe", "bare pipe")],
    goals: [{ atMost: 50 }],
    warmUpSeconds: 0,
    count: 1_024,
    maxRounds: 3,
    isSequential: true,
  },
  ...[1, 16].map((pipelined): BenchCase => {
    const load = { what: ["-t", "get"], pipelined };
    return {
      name: `exchange: GET -P ${pipelined}, no rule loaded`,
      unit: "requests/s",
      ours: ruled("engine", "with the engine", load),
      peers: [ruled("nobody", "without", load)],
      goals: [{ against: "without", atLeast: 0.98 }],
    };
  }),
];
