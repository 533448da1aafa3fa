import { forwarding, playing } from "./exchange/contestants.ts";
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
];
