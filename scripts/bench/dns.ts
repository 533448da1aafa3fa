import { dns2, inProcessStart, nsd, portside, underDnsperf } from "./dns/contestants.ts";
import type { BenchCase } from "./harness.ts";

/** The name server against NSD, which is written in C, and npm's dns2. */
export const cases: readonly BenchCase[] = [
  {
    name: "dns: queries, 2,000 names, A and MX in turn",
    unit: "answers/s",
    ours: underDnsperf(portside),
    peers: [underDnsperf(nsd), underDnsperf(dns2)],
    goals: [
      { against: "nsd", atLeast: 0.6 },
      { against: "dns2", atLeast: 8 },
    ],
  },
  {
    name: "dns: start in-process",
    unit: "ms",
    ours: inProcessStart,
    peers: [],
    goals: [{ atMost: 10 }],
    count: 1,
  },
];
