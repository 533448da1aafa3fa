import type { Contestant, Runner, Sample } from "../harness.ts";
import { type BenchProcess, residentBytes, startFile } from "../process.ts";
import { type Load, underBenchmark } from "../store/contestants.ts";
import { ownVersion } from "../versions.ts";

/** A client that holds conversations with our mail server, one after the other. */
export function playing(how: "script" | "bare", name: string): Contestant {
  return {
    name,
    version: how === "script" ? ownVersion : () => process.version,
    open: async (): Promise<Runner> => {
      const server = await startFile("exchange/servers/mail-server.ts");
      const client = await startFile("exchange/loads/client.ts", [how, String(server.port)]);
      return {
        run: async (count) => {
          const { seconds } = await client.ask<{ readonly seconds: number }>({ count });
          return { value: count / seconds, seconds };
        },
        close: async () => {
          await client.stop();
          await server.stop();
        },
      };
    },
  };
}

/** A store under redis-benchmark, with the engine of rules between the wire and the commands, or without it. */
export function ruled(how: "engine" | "nobody", name: string, load: Load): Contestant {
  const start = (): Promise<BenchProcess> => startFile("exchange/servers/store.ts", [how]);
  return underBenchmark({ name, version: ownVersion, start }, load);
}

/** A forwarder between a source of bytes and whoever reads them; the value is megabytes per second. */
export function forwarding(how: "interposer" | "pipe", name: string): Contestant {
  return between(how, name, async (read, count) => {
    const seconds = await read(count);
    return { value: count / seconds, seconds };
  });
}

/** The same; the value is by how many megabytes the forwarder grows while the bytes go through it. */
export function growing(how: "interposer" | "pipe", name: string): Contestant {
  return between(how, name, async (read, count, forwarder) => {
    // What it takes to forward at all is there before.
    await read(64);
    const before = residentBytes(forwarder.pid);
    let most = before;
    const look = setInterval(() => (most = Math.max(most, residentBytes(forwarder.pid))), 5);
    const seconds = await read(count);
    clearInterval(look);
    return { value: (most - before) / 1_048_576, seconds };
  });
}

function between(
  how: "interposer" | "pipe",
  name: string,
  measure: (
    read: (megabytes: number) => Promise<number>,
    count: number,
    forwarder: BenchProcess,
  ) => Promise<Sample>,
): Contestant {
  return {
    name,
    version: how === "interposer" ? ownVersion : () => process.version,
    open: async (): Promise<Runner> => {
      const source = await startFile("exchange/servers/source.ts");
      const forwarder = await startFile("exchange/servers/forwarder.ts", [how, String(source.port)]);
      const reader = await startFile("exchange/loads/reader.ts", [String(forwarder.port)]);
      const read = async (megabytes: number): Promise<number> =>
        (await reader.ask<{ readonly seconds: number }>({ megabytes })).seconds;
      return {
        run: (count) => measure(read, count, forwarder),
        close: async () => {
          await reader.stop();
          await forwarder.stop();
          await source.stop();
        },
      };
    },
  };
}
