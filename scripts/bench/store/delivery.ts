import type { Contestant, Runner } from "../harness.ts";
import { startFile } from "../process.ts";
import { sampled } from "../sample.ts";
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
        run: (count) =>
          sampled(running, async () => {
            const request: DeliveryRequest = { port: running.port, how, count };
            const { seconds, waitsMs } = await load.ask<DeliveryAnswer>(request);
            const value = how === "wake" ? waitsMs[Math.floor(waitsMs.length / 2)]! : count / seconds;
            return { count, seconds, value };
          }),
        close: async () => {
          await load.stop();
          await running.stop();
        },
      };
    },
  };
}
