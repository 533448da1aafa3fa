import type { Contestant } from "./harness.ts";
import { startFile } from "./process.ts";
import { ownVersion } from "./versions.ts";

/** How long a server of ours takes to start in a process that is warm. @param file answers with the milliseconds */
export function startingWarm(name: string, file: string): Contestant {
  return {
    name,
    version: ownVersion,
    open: async () => {
      const running = await startFile(file);
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
}
