import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Contestant, Runner, Sample } from "../harness.ts";
import { type BenchProcess, cpuUsage, residentBytes, startFile } from "../process.ts";
import type { FanOutRequest } from "./loads/fan-out.ts";
import type { IdleRequest } from "./loads/idle.ts";

/** A WebSocket server that a case can start, in a process of its own. */
export interface WebSocketContestant {
  readonly name: string;
  readonly dialect: "plain" | "socket.io";
  version(): string | undefined;
  start(execArgv?: string[]): Promise<BenchProcess>;
}

export const portside: WebSocketContestant = {
  name: "portside",
  dialect: "plain",
  version: () => packageVersion("../../../package.json"),
  start: (execArgv) => startFile("websocket/servers/portside.ts", [], execArgv),
};

/** With bufferutil, its native masking, which it takes by itself when it is installed. */
export const ws: WebSocketContestant = {
  name: "ws",
  dialect: "plain",
  version: () => {
    const addOn = packageVersion("bufferutil/package.json");
    return addOn && `${packageVersion("ws/package.json")} with bufferutil ${addOn}`;
  },
  start: (execArgv) => startFile("websocket/servers/ws.ts", [], execArgv),
};

export const socketIo: WebSocketContestant = {
  name: "socket.io",
  dialect: "socket.io",
  version: () => packageVersion("socket.io/package.json"),
  start: (execArgv) => startFile("websocket/servers/socket-io.ts", [], execArgv),
};

const receivers = 500;

/** One who says messages to 500 who hear them; the value is deliveries per second. */
export function fanningOut(server: WebSocketContestant, burst: number): Contestant {
  return underLoad(server, "fan-out", (count): FanOutRequest => {
    const bursts = Math.max(1, Math.round(count / receivers / burst));
    return { messages: bursts * burst, burst };
  });
}

/** One client that waits for each of its small messages to come back; the value is round trips per second. */
export const echoing = (server: WebSocketContestant): Contestant =>
  underLoad(server, "round-trips", (count) => ({ count }));

/** Masked messages of 1 KB, heard and counted; the value is messages per second. */
export const hearing = (server: WebSocketContestant): Contestant =>
  underLoad(server, "masked", (count) => ({ count }));

function underLoad(
  server: WebSocketContestant,
  load: string,
  requestFor: (count: number) => unknown,
): Contestant {
  return {
    name: server.name,
    version: () => server.version(),
    open: async (): Promise<Runner> => {
      const running = await server.start();
      const client = await startFile(`websocket/loads/${load}.ts`, [String(running.port), server.dialect]);
      return {
        run: (count) => timed(running, client, requestFor(count), count),
        close: async () => void (await Promise.all([running.stop(), client.stop()])),
      };
    },
  };
}

async function timed(
  server: BenchProcess,
  load: BenchProcess,
  request: unknown,
  asked: number,
): Promise<Sample> {
  const count =
    request !== null && typeof request === "object" && "messages" in request
      ? Number(request.messages) * receivers
      : asked;
  const before = cpuUsage(server.pid);
  const begin = performance.now();
  const { seconds } = await load.ask<{ readonly seconds: number }>(request);
  const elapsedMs = performance.now() - begin;
  const after = cpuUsage(server.pid);
  if (!before || !after) return { value: count / seconds, seconds };
  return {
    value: count / seconds,
    seconds,
    cpuMicros: ((after.cpuMs - before.cpuMs) * 1_000) / count,
    busy: (after.wantedMs - before.wantedMs) / elapsedMs,
  };
}

/** A fresh server that holds idle connections; the value is what its memory grows by for each, in KB. */
export function holdingIdle(server: WebSocketContestant): Contestant {
  return {
    name: server.name,
    version: () => server.version(),
    open: async (): Promise<Runner> => {
      const crowd = await startFile("websocket/loads/idle.ts");
      const ask = (request: IdleRequest): Promise<unknown> => crowd.ask(request);
      return {
        async run(count) {
          const begin = performance.now();
          const running = await server.start(["--expose-gc"]);
          // As many before, in small crowds: compiled code and the young generation are not a connection's.
          for (let gone = 0; gone < count; gone += crowdSize) {
            await ask({ port: running.port, hold: crowdSize });
            await ask({ release: true });
          }
          const before = await restingBytes(running);
          await ask({ port: running.port, hold: count });
          const grown = (await restingBytes(running)) - before;
          await running.stop();
          await ask({ release: true });
          return { value: grown / count / 1_024, seconds: (performance.now() - begin) / 1_000 };
        },
        close: () => crowd.stop(),
      };
    },
  };
}

const crowdSize = 500;

async function restingBytes(server: BenchProcess): Promise<number> {
  await server.ask("collect garbage");
  return residentBytes(server.pid);
}

const require = createRequire(import.meta.url);

function packageVersion(file: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(require.resolve(file), "utf8")) as { version: string }).version;
  } catch {
    return undefined;
  }
}
