import { startFtp } from "../../../servers/ftp/index.ts";
import type { Contestant, Runner } from "../harness.ts";
import { holdingIdle } from "../idle.ts";
import { residentBytes, startFile } from "../process.ts";
import { type Done, sampled } from "../sample.ts";
import type { StartLoad } from "./loads.ts";
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
        run: (count) => {
          const work = async (): Promise<Done> => {
            const seconds = await load.run(running.port, count);
            return { count, seconds, value: (count * per) / seconds };
          };
          return sampled(running, work, server.isForking);
        },
        close: async () => void (await Promise.all([running.stop(), load.stop()])),
      };
    },
  };
}

/** A fresh server that holds `count` idle sessions; the value is what its memory grows by for each, in KB. */
export const holdingSessions: Contestant = holdingIdle(portside, "ftp/loads/idle.ts");

/** 98 MB of commands whose replies nobody reads; the value is what the server's memory grows by, in MB. */
export const floodedWithCommands: Contestant = {
  name: portside.name,
  version: () => portside.version(),
  open: async (): Promise<Runner> => {
    const load = await startFile("ftp/loads/raw.ts");
    const ask = (request: RawRequest): Promise<unknown> => load.ask(request);
    return {
      run: async () => {
        const begin = performance.now();
        const running = await portside.start();
        const { pid, port } = running;
        const before = residentBytes(pid);
        await ask({ kind: "flood", port, bytes: 98 * 1024 ** 2 });
        const value = (residentBytes(pid) - before) / 1024 ** 2;
        await running.stop();
        await ask({ kind: "release" });
        return { value, seconds: (performance.now() - begin) / 1_000 };
      },
      close: () => load.stop(),
    };
  },
};

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
