import type { BenchCase } from "./harness.ts";
import {
  echoing,
  fanningOut,
  hearing,
  holdingConnections,
  portside,
  socketIo,
  ws,
} from "./websocket/contestants.ts";
import { chatCases } from "./websocket/chat.ts";
import { gameCases } from "./websocket/game.ts";
import { tickerCases } from "./websocket/ticker.ts";

/** Frames against npm's ws, as people use it, and against socket.io. */
export const cases: readonly BenchCase[] = [
  {
    name: "websocket: fan-out to 500, messages one by one",
    unit: "deliveries/s",
    ours: fanningOut(portside, 1),
    peers: [fanningOut(ws, 1)],
    goals: [{ against: "ws", atLeast: 1.3 }],
  },
  {
    name: "websocket: fan-out to 500, bursts of 64",
    unit: "deliveries/s",
    ours: fanningOut(portside, 64),
    peers: [fanningOut(ws, 64), fanningOut(socketIo, 64)],
    goals: [
      { against: "ws", atLeast: 10 },
      { against: "socket.io", atLeast: 10 },
    ],
  },
  {
    name: "websocket: round trip of 64 bytes",
    unit: "round trips/s",
    ours: echoing(portside),
    peers: [echoing(ws)],
    goals: [{ against: "ws", atLeast: 0.95 }],
    isSequential: true,
  },
  {
    name: "websocket: masked messages of 1 KB heard",
    unit: "messages/s",
    ours: hearing(portside),
    peers: [hearing(ws)],
    goals: [{ against: "ws", atLeast: 0.7 }],
  },
  {
    name: "websocket: memory of an idle connection, 10,000 of them",
    unit: "KB",
    ours: holdingConnections(portside),
    peers: [holdingConnections(ws)],
    goals: [{ atMost: 12 }],
    warmUpSeconds: 0,
    count: 10_000,
    maxRounds: 1,
  },
  ...gameCases,
  ...chatCases,
  ...tickerCases,
];
