import type { Contestant, Sample } from "../harness.ts";
import { startFile } from "../process.ts";
import { portside } from "./servers.ts";

/** Searches of several kinds among so many mails; the value is the slowest kind's median, in milliseconds. */
export function searchingAmong(mails: number): Contestant {
  return {
    name: portside.name,
    version: () => portside.version(),
    open: async () => {
      const archive = await startFile("smtp/servers/archive.ts", [String(mails)]);
      return { run: (count) => archive.ask<Sample>({ count }), close: () => archive.stop() };
    },
  };
}
