import type { BenchCase } from "./harness.ts";
import {
  dante,
  haproxy,
  inProcessStart,
  ourForward,
  ourProxy,
  tinyproxy,
  underCurl,
  underWrk,
} from "./proxy/contestants.ts";

/** The proxy and the forward against haproxy, tinyproxy and dante, which are written in C; nginx stands behind all. */
export const cases: readonly BenchCase[] = [
  {
    name: "proxy: TCP forward, requests kept alive",
    unit: "answers/s",
    ours: underWrk(ourForward, true),
    peers: [underWrk(haproxy, true)],
    goals: [{ against: "haproxy", atLeast: 0.95 }],
    // wrk counts for itself what it can do in a second.
    count: 1,
  },
  {
    name: "proxy: TCP forward, a connection each",
    unit: "answers/s",
    ours: underWrk(ourForward, false),
    peers: [underWrk(haproxy, false)],
    goals: [{ against: "haproxy", atLeast: 0.5 }],
    count: 1,
  },
  {
    name: "proxy: 1 GB through CONNECT",
    unit: "MB/s",
    ours: underCurl(ourProxy, ["-p", "-x"]),
    peers: [underCurl(tinyproxy, ["-p", "-x"])],
    goals: [{ against: "tinyproxy", atLeast: 1.9 }],
    count: 1,
    maxRounds: 5,
    isSequential: true,
  },
  {
    name: "proxy: 1 GB through SOCKS 5",
    unit: "MB/s",
    ours: underCurl(ourProxy, ["--socks5"]),
    peers: [underCurl(dante, ["--socks5"])],
    goals: [{ against: "dante", atLeast: 0.9 }],
    count: 1,
    maxRounds: 5,
    isSequential: true,
  },
  {
    name: "proxy: start in-process",
    unit: "ms",
    ours: inProcessStart,
    peers: [],
    goals: [{ atMost: 10 }],
    count: 1,
  },
];
