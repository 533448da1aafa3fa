import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Contestant, Runner, Sample } from "../harness.ts";
import { type BenchProcess, cpuUsage, runProgram, startFile, startForeign } from "../process.ts";

/** A store that a case can start, in a process of its own; with an append-only file when asked. */
export interface StoreServer {
  readonly name: string;
  version(): string | undefined;
  start(hasFile: boolean): Promise<BenchProcess>;
}

export const portside: StoreServer = {
  name: "portside",
  version: () =>
    (createRequire(import.meta.url)("../../../package.json") as { readonly version: string }).version,
  start: (hasFile) => startFile("store/servers/portside.ts", hasFile ? ["file"] : []),
};

export const redisServer: StoreServer = {
  name: "redis-server",
  version: () => /v=(\S+)/.exec(printed("redis-server", ["--version"]) ?? "")?.[1],
  start: async (hasFile) => {
    const folder = mkdtempSync(join(tmpdir(), "portside-bench-"));
    const file = hasFile ? ["--appendonly", "yes", "--appendfsync", "everysec"] : [];
    const quiet = ["--save", "", "--dir", folder, "--loglevel", "warning"];
    const server = await startForeign("redis-server", (port) => ["--port", String(port), ...quiet, ...file]);
    return {
      ...server,
      stop: async () => {
        await server.stop();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
};

/** What redis-benchmark does in a case. */
export interface Load {
  /** `get`, or a command of one's own as words. */
  readonly what: readonly string[];
  readonly pipelined: number;
  readonly hasFile?: boolean;
}

/** A store under redis-benchmark: 50 connections, 100,000 keys, values of 64 bytes. */
export function underBenchmark(server: StoreServer, { what, pipelined, hasFile = false }: Load): Contestant {
  const flags = ["-c", "50", "-r", "100000", "-d", "64", "-P", String(pipelined), "--csv"];
  return {
    name: server.name,
    version: () => (printed("redis-benchmark", ["--version"]) === undefined ? undefined : server.version()),
    open: async (): Promise<Runner> => {
      const running = await server.start(hasFile);
      const ask = (words: readonly string[], count: number): Promise<{ output: string }> =>
        runProgram("redis-benchmark", ["-p", String(running.port), ...flags, "-n", String(count), ...words]);
      // What is read must be there.
      await ask(["-t", "set"], 200_000);
      return {
        run: (count) => timed(running, count, () => ask(what, count)),
        close: () => running.stop(),
      };
    },
  };
}

async function timed(
  server: BenchProcess,
  count: number,
  ask: () => Promise<{ output: string }>,
): Promise<Sample> {
  const before = cpuUsage(server.pid);
  const begin = performance.now();
  const { output } = await ask();
  const elapsedMs = performance.now() - begin;
  const after = cpuUsage(server.pid);
  const value = Number(
    /^"[^"]*","(?<rate>[\d.]+)"/m.exec(output.replace(/^"test".*\n/m, ""))?.groups?.["rate"],
  );
  if (!(value > 0)) throw new Error(`redis-benchmark said no rate: ${output.slice(0, 200)}`);
  const seconds = count / value;
  if (!before || !after) return { value, seconds };
  return {
    value,
    seconds,
    cpuMicros: ((after.cpuMs - before.cpuMs) * 1_000) / count,
    busy: (after.wantedMs - before.wantedMs) / elapsedMs,
  };
}

export const inProcessStart: Contestant = {
  name: "startStore()",
  version: () => portside.version(),
  open: async () => {
    const running = await portside.start(false);
    return {
      run: async () => {
        const begin = performance.now();
        const { milliseconds } = await running.ask<{ milliseconds: number }>({});
        return { value: milliseconds, seconds: (performance.now() - begin) / 1_000 };
      },
      close: () => running.stop(),
    };
  },
};

function printed(command: string, args: readonly string[]): string | undefined {
  try {
    return execFileSync(command, args, { stdio: ["ignore", "pipe", "ignore"] }).toString();
  } catch {
    return undefined;
  }
}
