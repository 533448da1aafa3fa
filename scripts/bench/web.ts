import type { BenchCase } from "./harness.ts";
import {
  firstStart,
  laterStart,
  memoryUnderCurl,
  nginx,
  nodeHttp,
  portside,
  underCurl,
  underWrk,
} from "./web/contestants.ts";

/** The web server against nginx, which is written in C, and node:http. */
export const cases: readonly BenchCase[] = [
  {
    name: "web: 1 KB kept alive, 64 connections",
    unit: "answers/s",
    ours: underWrk(portside),
    peers: [underWrk(nginx), underWrk(nodeHttp)],
    goals: [
      { against: "nginx", atLeast: 1 },
      { against: "node:http", atLeast: 1.7 },
    ],
    // wrk counts for itself what it can do in a second.
    count: 1,
  },
  {
    name: "web: a file of 1 GB",
    unit: "MB/s",
    ours: underCurl(portside),
    peers: [underCurl(nginx)],
    goals: [{ against: "nginx", atLeast: 0.8 }],
    count: 1,
    maxRounds: 5,
    isSequential: true,
  },
  {
    name: "web: memory it takes to send 1 GB",
    unit: "MB",
    ours: memoryUnderCurl(portside),
    peers: [],
    goals: [{ atMost: 32 }],
    warmUpSeconds: 0,
    count: 1,
    maxRounds: 3,
  },
  {
    name: "web: start: the first startWeb() of a process",
    unit: "ms",
    ours: firstStart,
    peers: [],
    goals: [{ atMost: 10 }],
    warmUpSeconds: 0,
    count: 3,
  },
  {
    name: "web: start: the next one",
    unit: "ms",
    ours: laterStart,
    peers: [],
    goals: [{ atMost: 10 }],
    warmUpSeconds: 0,
    count: 3,
  },
];
