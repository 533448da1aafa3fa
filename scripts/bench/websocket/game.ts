import type { BenchCase, Contestant, Runner, Sample } from "../harness.ts";
import { type BenchProcess, cpuUsage, startFile } from "../process.ts";
import { portside } from "./contestants.ts";
import type { GameAnswer, GameRequest } from "./loads/game.ts";
import type { TickReading } from "./servers/game.ts";

/** 100 games of two, 60 ticks a second, 20 snapshots a second for each of 200 players, who steer 10 times a second. */
export const gameCases: readonly BenchCase[] = [
  {
    name: "game: drift of 100 rooms of two at 60 Hz",
    unit: "% of the ticks",
    ours: playing(({ driftPercent }) => driftPercent),
    peers: [],
    goals: [{ atMost: 0.1 }],
    count: 600,
    maxRounds: 3,
  },
  {
    name: "game: CPU of 100 rooms of two at 60 Hz",
    unit: "% of a core",
    ours: playing(({ cpuPercent }) => cpuPercent),
    peers: [],
    goals: [{ atMost: 100 }],
    count: 600,
    maxRounds: 3,
  },
];

interface Played {
  readonly driftPercent: number;
  readonly cpuPercent: number;
}

function playing(value: (played: Played) => number): Contestant {
  return {
    name: portside.name,
    version: () => portside.version(),
    open: async (): Promise<Runner> => {
      const server = await startFile("websocket/servers/game.ts");
      const players = await startFile("websocket/loads/game.ts", [String(server.port)]);
      return {
        run: (ticks) => play(server, players, ticks, value),
        close: async () => void (await Promise.all([server.stop(), players.stop()])),
      };
    },
  };
}

async function play(
  server: BenchProcess,
  players: BenchProcess,
  ticks: number,
  value: (played: Played) => number,
): Promise<Sample> {
  const [first, before] = [await server.ask<TickReading>({}), cpuUsage(server.pid)];
  const request: GameRequest = { playMs: (ticks * 1_000) / 60 };
  const { bytes } = await players.ask<GameAnswer>(request);
  const [last, after] = [await server.ask<TickReading>({}), cpuUsage(server.pid)];
  const elapsedMs = last.atMs - first.atMs;
  const due = (elapsedMs * 60) / 1_000;
  const taken = last.inputs.taken - first.inputs.taken;
  if (last.rooms !== 100 || bytes < due * 1_000 || taken < due * 10 || taken < last.inputs.refused) {
    const inputs = `${taken} inputs were taken and ${last.inputs.refused} refused`;
    throw new Error(`${last.rooms} rooms were there, ${bytes} bytes were heard, ${inputs}: nobody plays`);
  }
  const driftPercent = (Math.abs(last.ticks - first.ticks - due) / due) * 100;
  const cpuMs = before && after ? after.cpuMs - before.cpuMs : NaN;
  const rooms = last.rooms * (last.ticks - first.ticks);
  return {
    value: value({ driftPercent, cpuPercent: (cpuMs / elapsedMs) * 100 }),
    seconds: elapsedMs / 1_000,
    cpuMicros: (cpuMs * 1_000) / rooms,
  };
}
