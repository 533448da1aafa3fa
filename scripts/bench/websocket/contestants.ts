import type { Contestant, Runner } from "../harness.ts";
import { holdingIdle } from "../idle.ts";
import { type BenchProcess, startFile } from "../process.ts";
import { sampled } from "../sample.ts";
import { ownVersion, packageVersion } from "../versions.ts";
import type { FanOutRequest } from "./loads/fan-out.ts";

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
  version: ownVersion,
  start: (execArgv) => startFile("websocket/servers/portside.ts", [], execArgv),
};

/** With bufferutil, its native masking, which it takes by itself when it is installed. */
export const ws: WebSocketContestant = {
  name: "ws",
  dialect: "plain",
  version: () => {
    const addOn = packageVersion("bufferutil");
    return addOn && `${packageVersion("ws")} with bufferutil ${addOn}`;
  },
  start: (execArgv) => startFile("websocket/servers/ws.ts", [], execArgv),
};

export const socketIo: WebSocketContestant = {
  name: "socket.io",
  dialect: "socket.io",
  version: () => packageVersion("socket.io"),
  start: (execArgv) => startFile("websocket/servers/socket-io.ts", [], execArgv),
};

const receivers = 500;

/** One who says messages to 500 who hear them; the value is deliveries per second. */
export function fanningOut(server: WebSocketContestant, burst: number): Contestant {
  return underLoad(server, "fan-out", (count) => {
    const messages = Math.max(1, Math.round(count / receivers / burst)) * burst;
    return { request: { messages, burst } satisfies FanOutRequest, count: messages * receivers };
  });
}

/** One client that waits for each of its small messages to come back; the value is round trips per second. */
export const echoing = (server: WebSocketContestant): Contestant =>
  underLoad(server, "round-trips", (count) => ({ request: { count }, count }));

/** Masked messages of 1 KB, heard and counted; the value is messages per second. */
export const hearing = (server: WebSocketContestant): Contestant =>
  underLoad(server, "masked", (count) => ({ request: { count }, count }));

/** @param asking what the load is asked to do for so many, and how many that really are */
function underLoad(
  server: WebSocketContestant,
  load: string,
  asking: (count: number) => { readonly request: unknown; readonly count: number },
): Contestant {
  return {
    name: server.name,
    version: () => server.version(),
    open: async (): Promise<Runner> => {
      const running = await server.start();
      const client = await startFile(`websocket/loads/${load}.ts`, [String(running.port), server.dialect]);
      return {
        run: (asked) =>
          sampled(running, async () => {
            const { request, count } = asking(asked);
            const { seconds } = await client.ask<{ readonly seconds: number }>(request);
            return { count, seconds };
          }),
        close: async () => void (await Promise.all([running.stop(), client.stop()])),
      };
    },
  };
}

/** A fresh server that holds idle connections; the value is what its memory grows by for each, in KB. */
export const holdingConnections = (server: WebSocketContestant): Contestant =>
  holdingIdle(server, "websocket/loads/idle.ts");
