import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Contestant, Runner, Sample } from "../harness.ts";
import { type BenchProcess, cpuUsage, runProgram, startFile, startForeign } from "../process.ts";

/** Something in front of a web server, in a process of its own. */
interface MiddleServer {
  readonly name: string;
  version(): string | undefined;
  /** Whether its children do the work, so that its CPU time says nothing. */
  readonly isForking?: true;
  start(folder: string, originPort: number): Promise<BenchProcess>;
}

const { version } = createRequire(import.meta.url)("../../../package.json") as { version: string };

export const ourForward: MiddleServer = {
  name: "portside",
  version: () => version,
  start: (_, port) => startFile("proxy/servers/portside.ts", [`127.0.0.1:${port}`]),
};

export const ourProxy: MiddleServer = {
  name: "portside",
  version: () => version,
  start: () => startFile("proxy/servers/portside.ts"),
};

/** One thread, in TCP mode. */
export const haproxy: MiddleServer = {
  name: "haproxy",
  version: () => versionOf("haproxy", ["-v"], /version ([\d.]+)/),
  start: (folder, originPort) =>
    startForeign("haproxy", (port) => {
      const timeouts = "timeout connect 5s\n timeout client 60s\n timeout server 60s";
      const text = `global\n nbthread 1\n maxconn 4000\ndefaults\n mode tcp\n ${timeouts}\nlisten forward\n bind 127.0.0.1:${port}\n server origin 127.0.0.1:${originPort}\n`;
      writeFileSync(join(folder, "haproxy.cfg"), text);
      return ["-db", "-f", join(folder, "haproxy.cfg")];
    }),
};

export const tinyproxy: MiddleServer = {
  name: "tinyproxy",
  version: () => versionOf("tinyproxy", ["-v"], /tinyproxy ([\d.]+)/),
  start: (folder) =>
    startForeign("tinyproxy", (port) => {
      const text = `Port ${port}\nListen 127.0.0.1\nTimeout 60\nMaxClients 100\nLogLevel Error\nLogFile "/dev/null"\n`;
      writeFileSync(join(folder, "tinyproxy.conf"), text);
      return ["-d", "-c", join(folder, "tinyproxy.conf")];
    }),
};

export const dante: MiddleServer = {
  name: "dante",
  isForking: true,
  version: () => versionOf("danted", ["-v"], /v([\d.]+)/),
  start: (folder) =>
    startForeign("danted", (port) => {
      const lines = [
        "logoutput: /dev/null",
        `internal: 127.0.0.1 port = ${port}`,
        "external: lo",
        "clientmethod: none",
        "socksmethod: none",
        "user.privileged: root",
        "user.unprivileged: root",
        "client pass { from: 127.0.0.0/8 to: 0.0.0.0/0 }",
        "socks pass { from: 127.0.0.0/8 to: 0.0.0.0/0 }",
      ];
      writeFileSync(join(folder, "danted.conf"), `${lines.join("\n")}\n`);
      return ["-f", join(folder, "danted.conf"), "-p", join(folder, "danted.pid")];
    }),
};

/** 32 connections that ask for 1 KB through a forward for a second; each for one answer, or kept alive. */
export function underWrk(server: MiddleServer, keepsAlive: boolean): Contestant {
  return inFrontOfNginx(server, "wrk", async (running) => {
    const before = cpuUsage(running.pid);
    const begin = performance.now();
    const fields = keepsAlive ? [] : ["-H", "Connection: close"];
    const url = `http://127.0.0.1:${running.port}/1k.bin`;
    const { output } = await runProgram("wrk", ["-t1", "-c32", "-d1s", ...fields, url]);
    const elapsedMs = performance.now() - begin;
    const after = cpuUsage(running.pid);
    const bad = /Non-2xx.*/.exec(output)?.[0];
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

const gigabyte = 1_073_741_824;

/** One download of a gigabyte through a tunnel. @param flags of curl in front of the proxy's address */
export function underCurl(server: MiddleServer, flags: readonly string[]): Contestant {
  return inFrontOfNginx(server, "curl", async (running, originPort) => {
    const url = `http://127.0.0.1:${originPort}/1g.bin`;
    const where = [...flags, `127.0.0.1:${running.port}`];
    const args = ["-sS", "--noproxy", "", ...where, "-o", "/dev/null", "-w", "%{size_download}", url];
    const { seconds, output } = await runProgram("curl", args);
    if (output !== String(gigabyte)) throw new Error(`curl got ${output} bytes of ${gigabyte}`);
    return { value: gigabyte / 1_048_576 / seconds, seconds };
  });
}

/** How long a proxy takes to start in a process that is warm. */
export const inProcessStart: Contestant = {
  name: "startProxy()",
  version: () => version,
  open: async () => {
    const running = await startFile("proxy/servers/portside.ts");
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

function inFrontOfNginx(
  server: MiddleServer,
  tool: string,
  measure: (running: BenchProcess, originPort: number) => Promise<Sample>,
): Contestant {
  return {
    name: server.name,
    version: () => (hasAll("nginx", tool) ? server.version() : undefined),
    open: async (): Promise<Runner> => {
      const folder = mkdtempSync(join(tmpdir(), "portside-bench-proxy-"));
      writeFileSync(join(folder, "1k.bin"), "a".repeat(1_024));
      writeFileSync(join(folder, "1g.bin"), "");
      // Without blocks: what is measured is not the disk.
      truncateSync(join(folder, "1g.bin"), gigabyte);
      const origin = await startForeign("nginx", (port) => {
        writeFileSync(join(folder, "nginx.conf"), nginxConfiguration(folder, port));
        return ["-p", folder, "-c", join(folder, "nginx.conf"), "-e", "/dev/null"];
      });
      const running = await server.start(folder, origin.port);
      return {
        run: () => measure(running, origin.port),
        close: async () => {
          await Promise.all([running.stop(), origin.stop()]);
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

function versionOf(command: string, args: readonly string[], pattern: RegExp): string | undefined {
  const { stdout, stderr, error } = spawnSync(command, args, { encoding: "utf8" });
  return error ? undefined : pattern.exec(`${stdout}${stderr}`)?.[1];
}

function hasAll(...commands: readonly string[]): boolean {
  return commands.every((command) => !spawnSync(command, ["-v"]).error);
}
