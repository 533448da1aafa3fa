import { createRequire } from "node:module";
import type { Contestant, Runner } from "../harness.ts";
import { startFile } from "../process.ts";

const require = createRequire(import.meta.url);
const version = (): string => (require("../../../package.json") as { readonly version: string }).version;

/** A client that holds conversations with our mail server, one after the other. */
export function playing(how: "script" | "bare", name: string): Contestant {
  return {
    name,
    version: how === "script" ? version : () => process.version,
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

/** A forwarder between a source of bytes and whoever reads them; the value is megabytes per second. */
export function forwarding(how: "interposer" | "pipe", name: string): Contestant {
  return {
    name,
    version: how === "interposer" ? version : () => process.version,
    open: async (): Promise<Runner> => {
      const source = await startFile("exchange/servers/source.ts");
      const forwarder = await startFile("exchange/servers/forwarder.ts", [how, String(source.port)]);
      const reader = await startFile("exchange/loads/reader.ts", [String(forwarder.port)]);
      return {
        run: async (count) => {
          const { seconds } = await reader.ask<{ readonly seconds: number }>({ megabytes: count });
          return { value: count / seconds, seconds };
        },
        close: async () => {
          await reader.stop();
          await forwarder.stop();
          await source.stop();
        },
      };
    },
  };
}
