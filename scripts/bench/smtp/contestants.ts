import type { Contestant, Runner } from "../harness.ts";
import { holdingIdle } from "../idle.ts";
import type { BenchProcess } from "../process.ts";
import { sampled } from "../sample.ts";
import type { StartLoad } from "./loads.ts";
import type { MailServer } from "./servers.ts";

/** A server under a load; the value is how many mails (or handshakes) it takes in a second. */
export function underLoad(server: MailServer, startLoad: StartLoad): Contestant {
  return loaded(server, startLoad, () => Promise.resolve());
}

/**
 * The same, until every mail can be found: the clock stops when a search for `word`, which is in each mail, sees all.
 */
export function underLoadUntilIndexed(server: MailServer, startLoad: StartLoad, word: string): Contestant {
  return loaded(server, startLoad, async (running, sent) => {
    const found = await running.ask<{ count: number }>({ indexed: word });
    if (found.count !== sent) throw new Error(`${found.count} of ${sent} mails are found`);
  });
}

/** @param finish is waited for after a load; told how many mails the server has been sent so far */
function loaded(
  server: MailServer,
  startLoad: StartLoad,
  finish: (running: BenchProcess, sent: number) => Promise<void>,
): Contestant {
  return {
    name: server.name,
    version: () => server.version(),
    open: async (): Promise<Runner> => {
      const running = await server.start();
      const load = await startLoad();
      let sent = 0;
      return {
        run: (count) =>
          sampled(running, async () => {
            const loadSeconds = await load.run(running.port, count);
            const begin = performance.now();
            await finish(running, (sent += count));
            return { count, seconds: loadSeconds + (performance.now() - begin) / 1_000 };
          }),
        close: async () => void (await Promise.all([running.stop(), load.stop()])),
      };
    },
  };
}

/** A fresh server that holds idle sessions; the value is what its memory grows by for each, in KB. */
export const holdingSessions = (server: MailServer): Contestant => holdingIdle(server, "smtp/loads/idle.ts");
