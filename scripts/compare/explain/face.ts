import type { CompareFace } from "../../../servers/dashboard/index.ts";
import { Recording } from "./recording.ts";
import type { OpenWay } from "./way.ts";
import type { WayName } from "./ways.ts";

/** Nothing here takes a second; who waits longer waits in vain. */
const patienceMs = 10_000;

/** The comparison for a dashboard: a server for each transport, started when a message is said over it, and kept. */
export interface Compared extends CompareFace {
  close(): Promise<void>;
}

/** Nothing is loaded or started before somebody asks. */
export function compared(): Compared {
  const open = new Map<WayName, Promise<OpenWay>>();
  const load = async () => (await import("./ways.ts")).ways;
  return {
    async transports() {
      const ways = await load();
      return Object.entries(ways).map(([name, { title, about, below }]) => ({ name, title, about, below }));
    },
    async say(transport, message, hear) {
      const ways = await load();
      if (!isWay(transport, ways)) throw new TypeError(`there is no transport "${transport}"`);
      const opening = open.get(transport) ?? ways[transport].open();
      open.set(transport, opening);
      const way = await opening;
      const recording = new Recording(hear);
      const answer = await inTime(way.exchange(message, recording));
      if (answer !== message) throw new Error("what came back is not what was said");
      return recording.elapsedMs;
    },
    async close() {
      const opened = await Promise.allSettled(open.values());
      open.clear();
      const started = opened.filter((one) => one.status === "fulfilled");
      await Promise.all(started.map(({ value }) => value.close()));
    },
  };
}

function isWay(name: string, ways: object): name is WayName {
  return Object.hasOwn(ways, name);
}

async function inTime<Answer>(answer: Promise<Answer>): Promise<Answer> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error(`it was not through within ${patienceMs / 1_000} s`)),
    patienceMs,
  );
  try {
    return await Promise.race([answer, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
