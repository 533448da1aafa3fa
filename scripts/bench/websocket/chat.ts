import type { BenchCase, Contestant, Runner } from "../harness.ts";
import { cpuUsage, startFile, startForeign } from "../process.ts";
import { programVersion } from "../versions.ts";
import { portside } from "./contestants.ts";
import type { ChatRequest } from "./loads/chat.ts";

const inProcess = "one process, its own bus";

/** The chat beyond one machine, against the chat in one process; and how many it can tell. */
export const chatCases: readonly BenchCase[] = [
  {
    name: "chat: two processes on redis-server, 100 listeners",
    unit: "deliveries/s",
    ours: chatting("two processes on redis-server", { processes: 2, receivers: 100 }),
    peers: [chatting(inProcess, { processes: 1, receivers: 100 })],
    goals: [{ against: inProcess, atLeast: 0.5 }],
  },
  {
    name: "chat: fan-out to 500 listeners over TCP",
    unit: "deliveries/s",
    ours: chatting(inProcess, { processes: 1, receivers: 500 }),
    peers: [],
    goals: [],
  },
];

interface ChatLoad {
  /** One has its own bus, several share a redis-server. */
  readonly processes: number;
  readonly receivers: number;
}

/** Messages that leave in one write. */
const burst = 50;

/** One who says bursts of messages; the value is deliveries per second. */
function chatting(name: string, { processes, receivers }: ChatLoad): Contestant {
  return {
    name,
    version: () => (processes === 1 ? portside.version() : redisVersion()),
    open: async (): Promise<Runner> => {
      const redis =
        processes === 1
          ? undefined
          : await startForeign("redis-server", (port) => ["--port", String(port), "--save", ""]);
      const args = redis ? [String(redis.port)] : [];
      const servers = await Promise.all(
        Array.from({ length: processes }, () => startFile("websocket/servers/chat.ts", args)),
      );
      const ports = servers.map(({ port }) => String(port));
      const load = await startFile("websocket/loads/chat.ts", [String(receivers), ...ports]);
      const cpuMs = (): number => servers.reduce((sum, { pid }) => sum + (cpuUsage(pid)?.cpuMs ?? 0), 0);
      return {
        run: async (count) => {
          const messages = Math.max(1, Math.round(count / receivers / burst)) * burst;
          const before = cpuMs();
          const { seconds } = await load.ask<{ readonly seconds: number }>({
            messages,
            burst,
          } satisfies ChatRequest);
          const delivered = messages * receivers;
          return { value: delivered / seconds, seconds, cpuMicros: ((cpuMs() - before) * 1_000) / delivered };
        },
        close: async () => {
          await load.stop();
          await Promise.all(servers.map((server) => server.stop()));
          await redis?.stop();
        },
      };
    },
  };
}

const redisVersion = (): string | undefined => programVersion("redis-server", ["--version"], /v=(\S+)/);
