import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Contestant, Runner } from "../harness.ts";
import { type BenchProcess, runProgram, startFile, startForeign } from "../process.ts";
import { sampled } from "../sample.ts";
import { areInstalled, ownVersion, programVersion } from "../versions.ts";
import { startingWarm } from "../warm-start.ts";

/** A store that a case can start, in a process of its own; with an append-only file when asked. */
export interface StoreServer {
  readonly name: string;
  version(): string | undefined;
  start(hasFile: boolean): Promise<BenchProcess>;
}

export const portside: StoreServer = {
  name: "portside",
  version: ownVersion,
  start: (hasFile) => startFile("store/servers/portside.ts", hasFile ? ["file"] : []),
};

export const redisServer: StoreServer = {
  name: "redis-server",
  version: () => programVersion("redis-server", ["--version"], /v=(\S+)/),
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
    version: () => (areInstalled("redis-benchmark") ? server.version() : undefined),
    open: async (): Promise<Runner> => {
      const running = await server.start(hasFile);
      const ask = (words: readonly string[], count: number): Promise<{ output: string }> =>
        runProgram("redis-benchmark", ["-p", String(running.port), ...flags, "-n", String(count), ...words]);
      // What is read must be there.
      await ask(["-t", "set"], 200_000);
      return {
        run: (count) =>
          sampled(running, async () => {
            const value = rateIn((await ask(what, count)).output);
            return { count, seconds: count / value, value };
          }),
        close: () => running.stop(),
      };
    },
  };
}

function rateIn(output: string): number {
  const value = Number(
    /^"[^"]*","(?<rate>[\d.]+)"/m.exec(output.replace(/^"test".*\n/m, ""))?.groups?.["rate"],
  );
  if (!(value > 0)) throw new Error(`redis-benchmark said no rate: ${output.slice(0, 200)}`);
  return value;
}

/** How long a store takes to start in a process that is warm. */
export const inProcessStart: Contestant = startingWarm("startStore()", "store/servers/portside.ts");
