import { figureOf } from "../figure.ts";
import type { Contestant, Runner, Sample } from "../harness.ts";
import { type BenchProcess, residentBytes, startFile } from "../process.ts";
import { sampled } from "../sample.ts";
import { areInstalled, ownVersion, programVersion } from "../versions.ts";
import { gigabyte, makeGround } from "./ground.ts";
import { curl, wrk } from "./loads.ts";
import { startNginx } from "./nginx.ts";

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

export const nginx: PageServer = {
  name: "nginx",
  version: () => programVersion("nginx", ["-v"], /nginx\/([\d.]+)/),
  start: startNginx,
};

const megabyte = 1_048_576;

/** 64 connections that ask for 1 KB as fast as it comes, for a second. */
export function underWrk(server: PageServer): Contestant {
  return overFolder(server, "wrk", (running) =>
    sampled(running, async () => {
      const done = await wrk(running.port, "-c64");
      if (done.socketErrors !== undefined) throw new Error(`${server.name}: ${done.socketErrors}`);
      return done;
    }),
  );
}

/** One download of a gigabyte. */
export function underCurl(server: PageServer): Contestant {
  return overFolder(server, "curl", async (running) => {
    const seconds = await curl(running.port);
    return { value: gigabyte / megabyte / seconds, seconds };
  });
}

/** What a download of a gigabyte adds to the memory of a server that has sent one before. */
export function memoryUnderCurl(server: PageServer): Contestant {
  return overFolder(server, "curl", async (running) => {
    await curl(running.port);
    const before = residentBytes(running.pid);
    let most = before;
    const look = setInterval(() => (most = Math.max(most, residentBytes(running.pid))), 10);
    const seconds = await curl(running.port);
    clearInterval(look);
    return { value: (most - before) / megabyte, seconds };
  });
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
    version: () => (areInstalled(tool) ? server.version() : undefined),
    open: async (): Promise<Runner> => {
      const ground = makeGround("web");
      const running = await server.start(ground.folder);
      return {
        run: () => measure(running),
        close: async () => {
          await running.stop();
          ground.remove();
        },
      };
    },
  };
}
