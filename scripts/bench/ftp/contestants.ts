import { startFtp } from "../../../servers/ftp/index.ts";
import type { Contestant, Runner, Sample } from "../harness.ts";
import { type BenchProcess, cpuUsage, residentBytes, startFile } from "../process.ts";
import type { Load, StartLoad } from "./loads.ts";
import type { RawRequest } from "./loads/raw.ts";
import { portside, type FileServer } from "./servers.ts";

/** A server under a load; the value is how many of `per` it does in a second. */
export function underLoad(server: FileServer, startLoad: StartLoad, per = 1): Contestant {
  return {
    name: server.name,
    version: () => server.version(),
    open: async (): Promise<Runner> => {
      const running = await server.start();
      const load = await startLoad();
      return {
        run: (count) => timed(running, load, count, per),
        close: async () => void (await Promise.all([running.stop(), load.stop()])),
      };
    },
  };
}

async function timed(server: BenchProcess, load: Load, count: number, per: number): Promise<Sample> {
  const before = cpuUsage(server.pid);
  const begin = performance.now();
  const seconds = await load.run(server.port, count);
  const elapsedMs = performance.now() - begin;
  const after = cpuUsage(server.pid);
  const value = (count * per) / seconds;
  if (!before || !after) return { value, seconds };
  return {
    value,
    seconds,
    cpuMicros: ((after.cpuMs - before.cpuMs) * 1_000) / count,
    busy: (after.wantedMs - before.wantedMs) / elapsedMs,
  };
}

/** A fresh server that holds `count` idle sessions; the value is what its memory grows by for each, in KB. */
export const holdingSessions: Contestant = measuredMemory(async (running, crowd, count) => {
  for (let gone = 0; gone < count; gone += crowdSize) {
    await crowd({ kind: "hold", port: running.port, count: crowdSize });
    await crowd({ kind: "release" });
  }
  const before = await restingBytes(running);
  await crowd({ kind: "hold", port: running.port, count });
  return ((await restingBytes(running)) - before) / count / 1_024;
});

/** 98 MB of commands whose replies nobody reads; the value is what the server's memory grows by, in MB. */
export const floodedWithCommands: Contestant = measuredMemory(async (running, crowd) => {
  // The same commands with replies that are read: the young generation, which grows with that, is not what is asked for.
  await crowd({ kind: "flood", port: running.port, bytes: 20 * 1024 ** 2, reads: true });
  await crowd({ kind: "release" });
  const before = residentBytes(running.pid);
  await crowd({ kind: "flood", port: running.port, bytes: 98 * 1024 ** 2, reads: false });
  return (residentBytes(running.pid) - before) / 1024 ** 2;
});

const crowdSize = 500;

function measuredMemory(
  measure: (
    running: BenchProcess,
    crowd: (request: RawRequest) => Promise<unknown>,
    count: number,
  ) => Promise<number>,
): Contestant {
  return {
    name: portside.name,
    version: () => portside.version(),
    open: async (): Promise<Runner> => {
      const child = await startFile("ftp/loads/raw.ts");
      const crowd = (request: RawRequest): Promise<unknown> => child.ask(request);
      return {
        run: async (count) => {
          const begin = performance.now();
          const running = await portside.start(["--expose-gc"]);
          const value = await measure(running, crowd, count);
          await running.stop();
          await crowd({ kind: "release" });
          return { value, seconds: (performance.now() - begin) / 1_000 };
        },
        close: () => child.stop(),
      };
    },
  };
}

/** Memory after the garbage is gone. */
async function restingBytes(server: BenchProcess): Promise<number> {
  await server.ask("collect garbage");
  return residentBytes(server.pid);
}

/** Start and close in a process that has done it before, in milliseconds. */
export const startInProcess: Contestant = {
  name: "startFtp()",
  version: () => portside.version(),
  open: () =>
    Promise.resolve({
      run: async (count) => {
        const begin = performance.now();
        for (let turn = 0; turn < count; turn += 1) await (await startFtp()).close();
        const seconds = (performance.now() - begin) / 1_000;
        return { value: (seconds * 1_000) / count, seconds };
      },
      close: () => Promise.resolve(),
    }),
};
