import type { Command } from "../command.ts";
import type { Engine } from "../engine.ts";
import { matcher } from "../pattern.ts";
import { refuse } from "../refusal.ts";
import { bulk, map, ok } from "../reply.ts";

interface Parameter {
  get(engine: Engine): string;
  /** @returns whether the value is one */
  set?(engine: Engine, value: string): boolean;
}

const fixed = (value: string): Parameter => ({ get: () => value });

/** What clients and people ask for, and what of it can be changed while the store runs. */
const parameters: Readonly<Record<string, Parameter>> = {
  maxmemory: {
    get: ({ memory }) => String(memory.maxBytes),
    set: ({ memory }, value) => {
      const bytes = bytesOf(value);
      if (bytes === undefined) return false;
      memory.maxBytes = bytes;
      return true;
    },
  },
  "maxmemory-policy": {
    get: ({ memory }) => memory.policy,
    set: ({ memory }, value) => {
      const policy = value.toLowerCase();
      if (policy !== "noeviction" && policy !== "allkeys-lru") return false;
      memory.policy = policy;
      return true;
    },
  },
  appendonly: { get: ({ journal }) => (journal ? "yes" : "no") },
  appendfsync: {
    get: ({ journal, options }) => journal?.fsync ?? options.fsync,
    set: ({ journal }, value) => {
      const fsync = value.toLowerCase();
      if (fsync !== "always" && fsync !== "everysec" && fsync !== "no") return false;
      if (journal) journal.fsync = fsync;
      return true;
    },
  },
  dir: { get: ({ options }) => options.folder ?? "" },
  databases: { get: ({ options }) => String(options.databases) },
  port: { get: ({ options }) => String(options.port) },
  bind: { get: ({ options }) => options.host },
  maxclients: { get: ({ options }) => String(options.maxConnections) },
  "proto-max-bulk-len": { get: ({ options }) => String(options.maxValueBytes) },
  timeout: {
    get: ({ options: { idleTimeoutMs } }) =>
      Number.isFinite(idleTimeoutMs) ? String(Math.round(idleTimeoutMs / 1_000)) : "0",
  },
  "client-output-buffer-limit": {
    get: ({ options }) => `normal 0 0 0 slave 268435456 67108864 60 pubsub ${options.maxUnreadBytes} 0 0`,
  },
  save: fixed(""),
  "protected-mode": fixed("yes"),
  "notify-keyspace-events": fixed(""),
};

/** `100mb` and the like; nothing for another word. */
function bytesOf(word: string): number | undefined {
  const match = /^(?<count>\d{1,15})(?<unit>b|k|kb|m|mb|g|gb)?$/i.exec(word);
  if (!match?.groups) return undefined;
  const units: Readonly<Record<string, number>> = {
    b: 1,
    k: 1e3,
    kb: 1_024,
    m: 1e6,
    mb: 1_048_576,
    g: 1e9,
    gb: 1_073_741_824,
  };
  return Number(match.groups["count"]) * (units[match.groups["unit"]?.toLowerCase() ?? "b"] ?? 1);
}

function change(engine: Engine, words: readonly string[]): string {
  if (words.length < 4 || words.length % 2 !== 0)
    return refuse("wrong number of arguments for 'config|set' command");
  for (let at = 2; at < words.length; at += 2) {
    const name = words[at]!.toLowerCase();
    const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (!parameter) return refuse(`Unknown option or number of arguments for CONFIG SET - '${words[at]}'`);
    const value = words[at + 1]!;
    // What cannot be changed may be set to what it is: clients do that at every start.
    if (parameter.set ? !parameter.set(engine, value) : parameter.get(engine) !== value)
      return refuse(
        `CONFIG SET failed (possibly related to argument '${name}') - ${parameter.set ? "argument couldn't be parsed" : "can't set immutable config"}`,
      );
  }
  return ok;
}

export const config: Command = {
  name: "config",
  arity: -2,
  flags: ["admin", "noscript", "loading"],
  run: (words, { engine, version }) => {
    switch (words[1]!.toLowerCase()) {
      case "get": {
        const matchers = words.slice(2).map((pattern) => matcher(pattern.toLowerCase()));
        if (matchers.length === 0) return refuse("wrong number of arguments for 'config|get' command");
        const found = Object.entries(parameters).filter(([name]) =>
          matchers.some((matches) => matches(name)),
        );
        return map(
          version,
          found.flatMap(([name, parameter]) => [bulk(name), bulk(parameter.get(engine))]),
        );
      }
      case "set":
        return change(engine, words);
      case "resetstat":
        engine.commandsRun = 0;
        engine.connectionsSeen = 0;
        engine.keysExpired = 0;
        return ok;
      case "rewrite":
        return refuse("The server is running without a config file");
      default:
        return refuse(`unknown subcommand '${words[1]}'. Try CONFIG HELP.`);
    }
  },
};
