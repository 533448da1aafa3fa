import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Contestant, Runner } from "../harness.ts";
import { type BenchProcess, runProgram, startFile, startForeign } from "../process.ts";
import { type Done, sampled } from "../sample.ts";
import { areInstalled, ownVersion, packageVersion, programVersion } from "../versions.ts";
import { startingWarm } from "../warm-start.ts";
import { hosts, questionsText, zoneText } from "./zone.ts";

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
  version: ownVersion,
  start: () => startFile("dns/servers/portside.ts"),
};

export const dns2: NameServer = {
  name: "dns2",
  version: () => packageVersion("dns2"),
  start: () => startFile("dns/servers/dns2.ts"),
};

/** In C, one process; the zone is compiled before it answers. */
export const nsd: NameServer = {
  name: "nsd",
  isForking: true,
  version: () => programVersion("nsd", ["-v"], /version ([\d.]+)/i),
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
    version: () => (areInstalled("dnsperf") ? server.version() : undefined),
    open: async (): Promise<Runner> => {
      const folder = mkdtempSync(join(tmpdir(), "portside-bench-dns-"));
      const questions = join(folder, "questions.txt");
      writeFileSync(questions, questionsText());
      const running = await server.start(folder);
      return {
        run: async (count) => {
          const times = Math.max(1, Math.round(count / (2 * hosts)));
          const work = (): Promise<Done> => asked(running, questions, times);
          return await sampled(running, work, server.isForking);
        },
        close: async () => {
          await running.stop();
          rmSync(folder, { recursive: true, force: true });
        },
      };
    },
  };
}

/** How long a server takes to start in a process that is warm. */
export const inProcessStart: Contestant = startingWarm("startDns()", "dns/servers/portside.ts");

async function asked(server: BenchProcess, questions: string, times: number): Promise<Done> {
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
  const figure = (name: string): number =>
    Number(new RegExp(`${name}:\\s+([\\d.]+)`).exec(output)?.[1] ?? NaN);
  if (figure("Queries lost") > 0) throw new Error(`${figure("Queries lost")} queries were not answered`);
  return { count: figure("Queries completed"), seconds: figure("Run time \\(s\\)") };
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
