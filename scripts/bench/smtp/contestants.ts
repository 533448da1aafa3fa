import type { Contestant, Runner, Sample } from "../harness.ts";
import { type BenchProcess, cpuUsage, residentBytes, startFile } from "../process.ts";
import type { Load, StartLoad } from "./loads.ts";
import type { IdleRequest } from "./loads/idle.ts";
import type { MailServer } from "./servers.ts";

/** A server under a load; the value is how many mails (or handshakes) it takes in a second. */
export function underLoad(server: MailServer, startLoad: StartLoad): Contestant {
  return {
    name: server.name,
    version: () => server.version(),
    open: async (): Promise<Runner> => {
      const running = await server.start();
      const load = await startLoad();
      return {
        run: (count) => timed(running, load, count),
        close: async () => void (await Promise.all([running.stop(), load.stop()])),
      };
    },
  };
}

/**
 * The same, until every mail can be found: the clock stops when a search for `word`, which is in each mail, sees all.
 */
export function underLoadUntilIndexed(server: MailServer, startLoad: StartLoad, word: string): Contestant {
  return {
    name: server.name,
    version: () => server.version(),
    open: async (): Promise<Runner> => {
      const running = await server.start();
      const load = await startLoad();
      let sent = 0;
      const indexed: Load = {
        async run(port, count) {
          const seconds = await load.run(port, count);
          const begin = performance.now();
          sent += count;
          const found = await running.ask<{ count: number }>({ indexed: word });
          if (found.count !== sent) throw new Error(`${found.count} of ${sent} mails are found`);
          return seconds + (performance.now() - begin) / 1_000;
        },
        stop: () => load.stop(),
      };
      return {
        run: (count) => timed(running, indexed, count),
        close: async () => void (await Promise.all([running.stop(), load.stop()])),
      };
    },
  };
}

async function timed(server: BenchProcess, load: Load, count: number): Promise<Sample> {
  const before = cpuUsage(server.pid);
  const begin = performance.now();
  const seconds = await load.run(server.port, count);
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

/** A fresh server that holds idle sessions; the value is what its memory grows by for each, in KB. */
export function holdingSessions(server: MailServer): Contestant {
  return {
    name: server.name,
    version: () => server.version(),
    open: async (): Promise<Runner> => {
      const crowd = await startFile("smtp/loads/idle.ts");
      const ask = (request: IdleRequest): Promise<unknown> => crowd.ask(request);
      return {
        async run(count) {
          const begin = performance.now();
          const running = await server.start(["--expose-gc"]);
          // As many sessions before, in small crowds: compiled code and the young generation, which grows with
          // whatever comes first and stays (some 30 MB), are not a session's.
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

/** Memory after the garbage is gone. */
async function restingBytes(server: BenchProcess): Promise<number> {
  await server.ask("collect garbage");
  return residentBytes(server.pid);
}
