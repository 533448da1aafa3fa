import { startStore, type StoreOptions, type TornTail } from "../servers/store/index.ts";
import { CommandError, listenAddress, text, value, wholeNumber } from "./command-line/flags.ts";
import { given } from "./command-line/given.ts";
import { ruleFlags } from "./command-line/rules.ts";
import { typed } from "./command-line/typed.ts";
import { command, main } from "./command-line.ts";
import { serve, serveFlags, type Service } from "./serve.ts";

/** `npm run store`: the key-value store. */
export const store = command({
  name: "store",
  summary: "a key-value store that every Redis client can speak to",
  flags: {
    listen: value({ argument: "[ip]:port", help: "where to listen; default 127.0.0.1:6380" }, listenAddress),
    file: value({ argument: "FOLDER", help: "where everything is kept; without it, in memory" }, text),
    fsync: value(
      { argument: "always|everysec|no", help: "when it is on the disk; default everysec" },
      oneOf<NonNullable<StoreOptions["fsync"]>>("always", "everysec", "no"),
    ),
    password: value(
      { argument: "TEXT", help: "what AUTH must say; needed to listen elsewhere than here" },
      text,
    ),
    maxMemory: value({ argument: "BYTES", help: "of keys and values, about; default no limit" }, wholeNumber),
    eviction: value(
      { argument: "noeviction|allkeys-lru", help: "what happens at --max-memory; default noeviction" },
      oneOf<NonNullable<StoreOptions["evictionPolicy"]>>("noeviction", "allkeys-lru"),
    ),
    ...ruleFlags,
    ...serveFlags,
  },
  examples: ["portside store --file ./keys --fsync always", "portside store --listen :0 --json"],
  run: (options) => serve(() => startKeys(options), options),
});

function oneOf<Word extends string>(...words: readonly Word[]): (typed: string, name: string) => Word {
  return (typed, name) => {
    const found = words.find((word) => word === typed.toLowerCase());
    if (found === undefined) throw new CommandError(`${name} is "${typed}"; give ${words.join(" or ")}`);
    return found;
  };
}

const usual = { host: "127.0.0.1", port: 6380 };

interface StoreFlags {
  readonly listen: typeof usual | undefined;
  readonly file?: string | undefined;
  readonly fsync?: StoreOptions["fsync"] | undefined;
  readonly password?: string | undefined;
  readonly maxMemory?: number | undefined;
  readonly eviction?: StoreOptions["evictionPolicy"] | undefined;
  readonly rules?: readonly string[];
  readonly seed?: number | undefined;
}

/** Start the store at its usual place, or where it is asked to. */
export async function startKeys(flags: StoreFlags): Promise<Service> {
  const { listen = usual, file, fsync, password, maxMemory, eviction, rules = [], seed } = flags;
  const server = await startStore({
    ...listen,
    rules,
    ...given({
      seed,
      folder: file,
      fsync,
      password,
      maxMemoryBytes: maxMemory,
      evictionPolicy: eviction,
    }),
  });
  const auth = password === undefined ? "" : " -a PASSWORD";
  return {
    ready: { store: server.url },
    facts: [
      ["Store", `${server.url}   RESP2 and RESP3`],
      ["Kept", file ?? `in memory; in a folder with ${typed("portside store --file FOLDER")}`],
      ...(server.tornTail ? [["Cut", cutText(server.tornTail)] as const] : []),
    ],
    tries: [
      `redis-cli -p ${server.port}${auth} SET greeting hello`,
      `printf 'PING\\r\\n' | nc -q1 ${server.host} ${server.port}`,
    ],
    transcripts: [server.transcript],
    rules: [server.rules],
    close: (options) => server.close(options),
  };
}

function cutText({ file, cutBytes, keptBytes }: TornTail): string {
  return `the last ${cutBytes} bytes of ${file}, after byte ${keptBytes}: no whole command`;
}

if (import.meta.main) await main(store);
