import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Contestant, Runner, Sample } from "../harness.ts";
import { type BenchProcess, cpuUsage, runProgram, startFile, startForeign } from "../process.ts";
import { hosts, questionsText, zoneText } from "./zone.ts";

const require = createRequire(import.meta.url);

/** A name server that a case can start, in a process of its own. */
interface NameServer {
  readonly name: string;
  version(): string | undefined;
  /** Whether a child of the process does the work, so that its CPU time says nothing. */
  readonly isForking?: true;
  start(folder: string): Promise<BenchProcess>;
}

export const portside: NameServer = {
  name: "portside",
  version: () => packageVersion("../../../package.json"),
  start: () => startFile("dns/servers/portside.ts"),
};

export const dns2: NameServer = {
  name: "dns2",
  version: () => packageVersion("dns2/package.json"),
  start: () => startFile("dns/servers/dns2.ts"),
};

/** In C, one process; the zone is compiled before it answers. */
export const nsd: NameServer = {
  name: "nsd",
  isForking: true,
  version: () => /version ([\d.]+)/i.exec(spawnSync("nsd", ["-v"], { encoding: "utf8" }).stderr ?? "")?.[1],
  start: (folder) => {
    writeFileSync(join(folder, "example.zone"), zoneText());
    return startForeign("nsd", (port) => {
      writeFileSync(join(folder, "nsd.conf"), nsdConfiguration(folder, port));
      return ["-d", "-c", join(folder, "nsd.conf")];
    });
  },
};

/** A server asked by dnsperf: four clients, a hundred questions in flight. The value is answers per second. */
export function underDnsperf(server: NameServer): Contestant {
  return {
    name: server.name,
    version: () => (hasDnsperf() ? server.version() : undefined),
    open: async (): Promise<Runner> => {
      const folder = mkdtempSync(join(tmpdir(), "portside-bench-dns-"));
      const questions = join(folder, "questions.txt");
      writeFileSync(questions, questionsText());
      const running = await server.start(folder);
      return {
        run: (count) =>
          asked(running, questions, Math.max(1, Math.round(count / (2 * hosts))), server.isForking ?? false),
        close: async () => {
          await running.stop();
          rmSync(folder, { recursive: true, force: true });
        },
      };
    },
  };
}

/** How long a server takes to start in a process that is warm. */
export const inProcessStart: Contestant = {
  name: "startDns()",
  version: () => portside.version(),
  open: async () => {
    const running = await portside.start("");
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

async function asked(
  server: BenchProcess,
  questions: string,
  times: number,
  isForking: boolean,
): Promise<Sample> {
  const before = isForking ? undefined : cpuUsage(server.pid);
  const begin = performance.now();
  const args = [
    "-s",
    "127.0.0.1",
    "-p",
    String(server.port),
    "-d",
    questions,
    "-c",
    "4",
    "-q",
    "100",
    "-n",
    String(times),
  ];
  const { output } = await runProgram("dnsperf", args);
  const elapsedMs = performance.now() - begin;
  const after = cpuUsage(server.pid);
  const figure = (name: string): number =>
    Number(new RegExp(`${name}:\\s+([\\d.]+)`).exec(output)?.[1] ?? NaN);
  if (figure("Queries lost") > 0) throw new Error(`${figure("Queries lost")} queries were not answered`);
  const count = figure("Queries completed");
  const seconds = figure("Run time \\(s\\)");
  if (!before || !after) return { value: count / seconds, seconds };
  return {
    value: count / seconds,
    seconds,
    cpuMicros: ((after.cpuMs - before.cpuMs) * 1_000) / count,
    busy: (after.wantedMs - before.wantedMs) / elapsedMs,
  };
}

function nsdConfiguration(folder: string, port: number): string {
  return [
    "server:",
    ` ip-address: 127.0.0.1@${port}`,
    ' username: ""',
    ' chroot: ""',
    ' database: ""',
    ` zonesdir: ${folder}`,
    ` pidfile: ${folder}/nsd.pid`,
    ` xfrdfile: ${folder}/xfrd`,
    ` zonelistfile: ${folder}/zones`,
    ' cookie-secret-file: ""',
    "remote-control:",
    " control-enable: no",
    "zone:",
    " name: example.test",
    " zonefile: example.zone",
  ].join("\n");
}

function hasDnsperf(): boolean {
  return spawnSync("dnsperf", ["-h"]).error === undefined;
}

function packageVersion(file: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(require.resolve(file), "utf8")) as { version: string }).version;
  } catch {
    return undefined;
  }
}
