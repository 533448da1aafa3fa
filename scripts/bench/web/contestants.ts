import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { figureOf } from "../figure.ts";
import type { Contestant, Runner, Sample } from "../harness.ts";
import {
  type BenchProcess,
  cpuUsage,
  residentBytes,
  runProgram,
  startFile,
  startForeign,
} from "../process.ts";

/** A web server that a case can start over a folder, in a process of its own. */
interface PageServer {
  readonly name: string;
  version(): string | undefined;
  start(folder: string): Promise<BenchProcess>;
}

export const portside: PageServer = {
  name: "portside",
  version: ownVersion,
  start: (folder) => startFile("web/servers/portside.ts", [folder]),
};

/** The same answer from memory by Node's own server: it reads no file and looks at none. */
export const nodeHttp: PageServer = {
  name: "node:http",
  version: () => process.version,
  start: (folder) => startFile("web/servers/node-http.ts", [folder]),
};

/** One worker, with what makes it fast: sendfile, and open files kept. */
export const nginx: PageServer = {
  name: "nginx",
  version: () => /nginx\/([\d.]+)/.exec(spawnSync("nginx", ["-v"], { encoding: "utf8" }).stderr ?? "")?.[1],
  start: (folder) =>
    startForeign("nginx", (port) => {
      writeFileSync(join(folder, "nginx.conf"), nginxConfiguration(folder, port));
      return ["-p", folder, "-c", join(folder, "nginx.conf"), "-e", "/dev/null"];
    }),
};

const gigabyte = 1_073_741_824;
const megabyte = 1_048_576;

/** 64 connections that ask for 1 KB as fast as it comes, for a second. */
export function underWrk(server: PageServer): Contestant {
  return overFolder(server, "wrk", async (running) => {
    const before = cpuUsage(running.pid);
    const begin = performance.now();
    const { output } = await runProgram("wrk", [
      "-t1",
      "-c64",
      "-d1s",
      `http://127.0.0.1:${running.port}/1k.bin`,
    ]);
    const elapsedMs = performance.now() - begin;
    const after = cpuUsage(running.pid);
    const bad = /Non-2xx|Socket errors.*/.exec(output)?.[0];
    if (bad !== undefined) throw new Error(`${server.name}: ${bad}`);
    const [, count, seconds] = /(\d+) requests in ([\d.]+)s/.exec(output) ?? [];
    const sample = { value: Number(count) / Number(seconds), seconds: Number(seconds) };
    if (!before || !after) return sample;
    return {
      ...sample,
      cpuMicros: ((after.cpuMs - before.cpuMs) * 1_000) / Number(count),
      busy: (after.wantedMs - before.wantedMs) / elapsedMs,
    };
  });
}

/** One download of a gigabyte. */
export function underCurl(server: PageServer): Contestant {
  return overFolder(server, "curl", async (running) => {
    const seconds = await download(running);
    return { value: gigabyte / megabyte / seconds, seconds };
  });
}

/** What a download of a gigabyte adds to the memory of a server that has sent one before. */
export function memoryUnderCurl(server: PageServer): Contestant {
  return overFolder(server, "curl", async (running) => {
    await download(running);
    const before = residentBytes(running.pid);
    let most = before;
    const look = setInterval(() => (most = Math.max(most, residentBytes(running.pid))), 10);
    const seconds = await download(running);
    clearInterval(look);
    return { value: (most - before) / megabyte, seconds };
  });
}

async function download(running: BenchProcess): Promise<number> {
  const args = [
    "-sS",
    "-o",
    "/dev/null",
    "-w",
    "%{size_download}",
    `http://127.0.0.1:${running.port}/1g.bin`,
  ];
  const { seconds, output } = await runProgram("curl", args);
  if (output !== String(gigabyte)) throw new Error(`curl got ${output} bytes of ${gigabyte}`);
  return seconds;
}

/** The first server of a process: nothing is compiled or loaded before but its modules. */
export const firstStart: Contestant = starting("startWeb(), the first", "first");

/** A server in a process that has had one. */
export const laterStart: Contestant = starting("startWeb(), the next", "later");

function starting(name: string, which: "first" | "later"): Contestant {
  return {
    name,
    version: ownVersion,
    open: () =>
      Promise.resolve({
        run: async (count) => {
          const begin = performance.now();
          const times: number[] = [];
          while (times.length < count) {
            const child = await startFile("web/servers/first-start.ts");
            times.push((await child.ask<{ first: number; later: number }>({}))[which]);
            await child.stop();
          }
          return { value: figureOf(times).median, seconds: (performance.now() - begin) / 1_000 };
        },
        close: () => Promise.resolve(),
      }),
  };
}

function overFolder(
  server: PageServer,
  tool: string,
  measure: (running: BenchProcess) => Promise<Sample>,
): Contestant {
  return {
    name: server.name,
    version: () => (spawnSync(tool, ["--version"]).error ? undefined : server.version()),
    open: async (): Promise<Runner> => {
      const folder = mkdtempSync(join(tmpdir(), "portside-bench-web-"));
      writeFileSync(join(folder, "1k.bin"), "a".repeat(1_024));
      writeFileSync(join(folder, "1g.bin"), "");
      // Without blocks: what is measured is not the disk.
      truncateSync(join(folder, "1g.bin"), gigabyte);
      const running = await server.start(folder);
      return {
        run: () => measure(running),
        close: async () => {
          await running.stop();
          rmSync(folder, { recursive: true, force: true });
        },
      };
    },
  };
}

function nginxConfiguration(folder: string, port: number): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  return `daemon off; master_process off; pid ${folder}/nginx.pid; error_log /dev/null;
events { worker_connections 512; }
http {
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; open_file_cache max=100;
  ${temporary.join(" ")}
  server { listen 127.0.0.1:${port} backlog=4096; root ${folder}; }
}`;
}

function ownVersion(): string | undefined {
  const file = fileURLToPath(new URL("../../../package.json", import.meta.url));
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
