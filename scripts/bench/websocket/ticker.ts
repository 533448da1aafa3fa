import type { BenchCase, Contestant, Runner, Sample } from "../harness.ts";
import { type BenchProcess, residentBytes, startFile } from "../process.ts";
import { sampled } from "../sample.ts";
import { portside, type WebSocketContestant, ws } from "./contestants.ts";
import type { SubscriberTimes } from "./loads/subscribers.ts";
import type { WrongBooks } from "./wrong-books.ts";

const subscribers = 500;
/** As far as a running market goes on at once. */
const stepMs = 20;
const everything = "trade,bookTicker,depth@100ms";

/** The ticker: 500 who subscribed to all of 100 symbols. */
export const tickerCases: readonly BenchCase[] = [
  {
    name: "ticker: 500 subscribers to 100 symbols",
    unit: "deliveries/s",
    ours: telling("portside", "ticker", portside, rateOf),
    peers: [telling("ws", "ticker-ws", ws, rateOf)],
    // A million where a loop over ws tells 110,000.
    goals: [{ atLeast: 1_000_000 }, { against: "ws", atLeast: 9 }],
  },
  {
    name: "ticker: p99 of 500 subscribers, one more does not read",
    unit: "ms",
    ours: telling("portside", "ticker", portside, p99Of, "slow"),
    peers: [telling("without the slow one", "ticker", portside, p99Of)],
    goals: [{ against: "without the slow one", atMost: 1.2 }],
    count: 3_000_000,
  },
  {
    name: "ticker: memory with 500 subscribers, one more does not read",
    unit: "MB",
    ours: telling("portside", "ticker", portside, memoryOf, "slow"),
    peers: [telling("without the slow one", "ticker", portside, memoryOf)],
    goals: [{ against: "without the slow one", atMost: 1.2 }],
    count: 3_000_000,
    maxRounds: 2,
  },
  {
    name: "ticker: wrong books after 10,000 schedules of faults",
    unit: "books",
    ours: {
      name: "portside",
      version: () => portside.version(),
      open: async (): Promise<Runner> => {
        const schedules = await startFile("websocket/loads/schedules.ts");
        return {
          run: async (count) => {
            const begin = performance.now();
            const { wrong } = await schedules.ask<WrongBooks>({ from: 0, to: count });
            return { value: wrong, seconds: (performance.now() - begin) / 1_000 };
          },
          close: () => schedules.stop(),
        };
      },
    },
    peers: [],
    goals: [{ atMost: 0 }],
    warmUpSeconds: 0,
    count: 10_000,
    maxRounds: 1,
  },
];

/** A round of a market that goes on until everybody was told enough. */
type Measure = (server: BenchProcess, load: BenchProcess, count: number) => Promise<Sample>;

function telling(
  name: string,
  server: string,
  of: WebSocketContestant,
  measure: Measure,
  slow = "",
): Contestant {
  return {
    name,
    version: () => of.version(),
    open: async (): Promise<Runner> => {
      const running = await startFile(`websocket/servers/${server}.ts`, [], ["--expose-gc"]);
      const load = await startFile("websocket/loads/subscribers.ts", [
        String(running.port),
        everything,
        slow,
      ]);
      return {
        run: (count) => measure(running, load, count),
        close: async () => void (await Promise.all([running.stop(), load.stop()])),
      };
    },
  };
}

/** Let the market go on, step by step, each when the one before has come to everybody. @returns deliveries */
async function goOn(server: BenchProcess, load: BenchProcess, count: number): Promise<number> {
  let told = 0;
  while (told < count) {
    const { messages } = await server.ask<{ readonly messages: number }>({ stepMs });
    await load.ask({ expect: messages });
    told += messages * subscribers;
  }
  return told;
}

function rateOf(server: BenchProcess, load: BenchProcess, count: number): Promise<Sample> {
  return sampled(server, async () => {
    const begin = performance.now();
    const told = await goOn(server, load, count);
    return { count: told, seconds: (performance.now() - begin) / 1_000 };
  });
}

async function p99Of(server: BenchProcess, load: BenchProcess, count: number): Promise<Sample> {
  const begin = performance.now();
  await load.ask({ begin: true });
  await goOn(server, load, count);
  const { p99Ms } = await load.ask<SubscriberTimes>({ end: true });
  return { value: p99Ms, seconds: (performance.now() - begin) / 1_000 };
}

async function memoryOf(server: BenchProcess, load: BenchProcess, count: number): Promise<Sample> {
  const begin = performance.now();
  await goOn(server, load, count);
  await server.ask("collect garbage");
  const value = residentBytes(server.pid) / 1_048_576;
  return { value, seconds: (performance.now() - begin) / 1_000 };
}
