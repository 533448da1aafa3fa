import type { Engine } from "./engine.ts";
import { redisVersion } from "./identity.ts";

type Facts = Readonly<Record<string, string | number>>;

const sections: Readonly<Record<string, (engine: Engine) => Facts>> = {
  server: (engine) => ({
    redis_version: redisVersion,
    redis_mode: "standalone",
    os: `${process.platform} ${process.arch}`,
    process_id: process.pid,
    tcp_port: engine.options.port,
    uptime_in_seconds: Math.floor((Date.now() - engine.startedMs) / 1_000),
    executable: "portside",
  }),
  clients: ({ clients, waiters, options }) => ({
    connected_clients: [...clients.values()].filter(({ line }) => line).length,
    blocked_clients: waiters.size,
    maxclients: options.maxConnections,
  }),
  memory: ({ memory }) => ({
    used_memory: memory.bytes,
    maxmemory: memory.maxBytes,
    maxmemory_policy: memory.policy,
  }),
  persistence: ({ isLoading, journal }) => ({
    loading: isLoading ? 1 : 0,
    aof_enabled: journal ? 1 : 0,
    aof_rewrite_in_progress: journal?.isRewriting ? 1 : 0,
    aof_last_bgrewrite_status: journal?.lastRewriteError ? "err" : "ok",
    aof_last_write_status: journal?.lastWriteError ? "err" : "ok",
    aof_current_size: journal?.bytes ?? 0,
  }),
  stats: (engine) => ({
    total_connections_received: engine.connectionsSeen,
    total_commands_processed: engine.commandsRun,
    expired_keys: engine.keysExpired,
    evicted_keys: engine.memory.evicted,
    pubsub_channels: engine.channels.channels.size,
    pubsub_patterns: engine.channels.patterns.size,
  }),
  replication: () => ({ role: "master", connected_slaves: 0 }),
  keyspace: ({ databases }) =>
    Object.fromEntries(
      databases
        .filter(({ size }) => size > 0)
        .map(({ index, size, expiries }) => [
          `db${index}`,
          `keys=${size},expires=${expiries.size},avg_ttl=0`,
        ]),
    ),
};

const everything = new Set(["all", "everything", "default"]);

/** The text of INFO: the sections asked for, or all of them. */
export function infoText(engine: Engine, asked: readonly string[]): string {
  const names = new Set(asked.map((name) => name.toLowerCase()));
  const isAll = names.size === 0 || [...names].some((name) => everything.has(name));
  return Object.entries(sections)
    .filter(([name]) => isAll || names.has(name))
    .map(([name, facts]) => {
      const lines = Object.entries(facts(engine)).map(([fact, value]) => `${fact}:${value}\r\n`);
      return `# ${name[0]!.toUpperCase()}${name.slice(1)}\r\n${lines.join("")}`;
    })
    .join("\r\n");
}
