import type { Contestant, Runner } from "../harness.ts";
import { cpuUsage, startFile } from "../process.ts";
import type { StoreServer } from "./contestants.ts";
import type { DeliveryAnswer, DeliveryRequest } from "./loads/delivery.ts";

/**
 * A store that delivers what one says to four who hear it; for `wake`, to one who waits.
 * @returns a contestant that gives messages heard in a second; for `wake` the median of the milliseconds between
 */
export function underDelivery(server: StoreServer, how: DeliveryRequest["how"]): Contestant {
  return {
    name: server.name,
    version: () => server.version(),
    open: async (): Promise<Runner> => {
      const running = await server.start(false);
      const load = await startFile("store/loads/delivery.ts");
      return {
        run: async (count) => {
          const before = cpuUsage(running.pid);
          const begin = performance.now();
          const { seconds, waitsMs } = await load.ask<DeliveryAnswer>({
            port: running.port,
            how,
            count,
          } satisfies DeliveryRequest);
          const elapsedMs = performance.now() - begin;
          const after = cpuUsage(running.pid);
          const value = how === "wake" ? waitsMs[Math.floor(waitsMs.length / 2)]! : count / seconds;
          if (!before || !after) return { value, seconds };
          return {
            value,
            seconds,
            cpuMicros: ((after.cpuMs - before.cpuMs) * 1_000) / count,
            busy: (after.wantedMs - before.wantedMs) / elapsedMs,
          };
        },
        close: async () => {
          await load.stop();
          await running.stop();
        },
      };
    },
  };
}
