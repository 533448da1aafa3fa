import type { Contestant, Runner } from "./harness.ts";
import type { IdleRequest } from "./idle-crowd.ts";
import { type BenchProcess, residentBytes, startFile } from "./process.ts";

/** A server that can be started so that garbage is collected when asked. */
interface IdleServer {
  readonly name: string;
  version(): string | undefined;
  start(execArgv: string[]): Promise<BenchProcess>;
}

/**
 * A fresh server that holds idle connections; the value is what its memory grows by for each, in KB.
 * @param load a file that calls `answerIdle`
 */
export function holdingIdle(server: IdleServer, load: string): Contestant {
  return {
    name: server.name,
    version: () => server.version(),
    open: async (): Promise<Runner> => {
      const crowd = await startFile(load);
      const ask = (request: IdleRequest): Promise<unknown> => crowd.ask(request);
      return {
        async run(count) {
          const begin = performance.now();
          const running = await server.start(["--expose-gc"]);
          // As many before, in small crowds: compiled code and the young generation, which grows with whatever comes
          // first and stays (some 30 MB), are not a connection's.
          for (let gone = 0; gone < count; gone += crowdSize) {
            await ask({ port: running.port, hold: crowdSize });
            await ask({ release: true });
          }
          const before = await restingBytes(running);
          await ask({ port: running.port, hold: count });
          const grown = (await restingBytes(running)) - before;
          await ask({ release: true });
          await running.stop();
          return { value: grown / count / 1_024, seconds: (performance.now() - begin) / 1_000 };
        },
        close: () => crowd.stop(),
      };
    },
  };
}

const crowdSize = 500;

/** Memory after the garbage is gone. */
async function restingBytes(server: BenchProcess): Promise<number> {
  await server.ask("collect garbage");
  return residentBytes(server.pid);
}
