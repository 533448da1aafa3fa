import type { Client } from "../client.ts";
import type { Command } from "../command.ts";
import { integerOf } from "../numbers.ts";
import { refuse, syntaxError } from "../refusal.ts";
import { bulkOrNil, error, integer, ok, verbatim, yes } from "../reply.ts";
import { checkedName } from "../families/connection.ts";

type Sub = (words: readonly string[], client: Client) => string;

/** One line about a connection, as CLIENT LIST has it. */
function lineOf(client: Client, nowMs: number): string {
  const { line } = client;
  const facts = {
    id: client.id,
    addr: `${line?.remoteAddress ?? ""}:${line?.remotePort ?? 0}`,
    laddr: line?.localAddress ?? "",
    name: client.name,
    age: Math.floor((nowMs - client.createdMs) / 1_000),
    idle: 0,
    flags: client.unblock ? "b" : client.isSubscribed ? "P" : client.transaction ? "x" : "N",
    db: client.db.index,
    sub: client.channels.size,
    psub: client.patterns.size,
    multi: client.transaction?.commands.length ?? -1,
    cmd: client.lastCommand,
    user: "default",
    resp: client.version,
    "lib-name": client.libraryName,
    "lib-ver": client.libraryVersion,
  };
  return Object.entries(facts)
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");
}

function list(words: readonly string[], { engine, version }: Client): string {
  const at = words.findIndex((word) => word.toLowerCase() === "id");
  const ids = at > 0 ? new Set(words.slice(at + 1).map((word) => integerOf(word))) : undefined;
  const clients = [...engine.clients.values()].filter(({ id, line }) => line && (ids?.has(id) ?? true));
  return verbatim(version, clients.map((client) => `${lineOf(client, Date.now())}\n`).join(""));
}

/** CLIENT KILL addr, or CLIENT KILL ID id | ADDR addr … */
function kill(words: readonly string[], client: Client): string {
  const filters: (readonly [string, string])[] = [];
  if (words.length === 3) filters.push(["addr", words[2]!]);
  else
    for (let at = 2; at < words.length; at += 2)
      filters.push([words[at]!.toLowerCase(), words[at + 1] ?? ""]);
  const skipsMe = !filters.some(([name, value]) => name === "skipme" && value.toLowerCase() === "no");
  const fits = (other: Client): boolean =>
    filters.every(([name, value]) => {
      if (name === "id") return other.id === integerOf(value, "client-id should be greater than 0");
      if (name === "addr") return `${other.line?.remoteAddress}:${other.line?.remotePort}` === value;
      if (name === "laddr") return other.line?.localAddress === value;
      if (name === "type") return value.toLowerCase() === (other.isSubscribed ? "pubsub" : "normal");
      if (name === "user") return value === "default";
      return name === "skipme" || refuse(syntaxError);
    });
  let killed = 0;
  for (const other of client.engine.clients.values()) {
    if (!other.line || !fits(other) || (other === client && words.length > 3 && skipsMe)) continue;
    killed++;
    if (other === client) client.isLeaving = true;
    else other.line.destroy();
  }
  if (words.length > 3) return integer(killed);
  return killed > 0 ? ok : refuse("No such client");
}

const subcommands: Readonly<Record<string, Sub>> = {
  id: (_, client) => integer(client.id),
  getname: (_, { name, version }) => bulkOrNil(version, name || undefined),
  setname: (words, client) => {
    client.name = checkedName(words[2] ?? refuse(syntaxError));
    return ok;
  },
  setinfo: (words, client) => {
    const value = words[3] ?? refuse("wrong number of arguments for 'client|setinfo' command");
    const attribute = words[2]!.toLowerCase();
    if (!/^[!-~]*$/.test(value))
      return refuse(`${attribute} cannot contain spaces, newlines or special characters.`);
    if (attribute === "lib-name") client.libraryName = value;
    else if (attribute === "lib-ver") client.libraryVersion = value;
    else return refuse(`Unrecognized option '${words[2]}'`);
    return ok;
  },
  info: (_, client) => verbatim(client.version, `${lineOf(client, Date.now())}\n`),
  list,
  kill,
  unblock: (words, { engine }) => {
    const other = engine.clients.get(integerOf(words[2] ?? refuse(syntaxError)));
    const isError = words[3]?.toLowerCase() === "error";
    const { unblock } = other ?? {};
    unblock?.(isError ? error("UNBLOCKED client unblocked via CLIENT UNBLOCK") : undefined);
    return yes(unblock !== undefined);
  },
  reply: (words, client) => {
    const mode = words[2]?.toLowerCase();
    if (mode === "skip") client.replies = "skip next";
    else if (mode === "on" || mode === "off") client.replies = mode;
    else refuse(syntaxError);
    return mode === "on" ? ok : "";
  },
  "no-evict": () => ok,
  "no-touch": () => ok,
  getredir: () => integer(-1),
  tracking: (words) =>
    words[2]?.toLowerCase() === "off" ? ok : refuse("client side caching is not part of this store"),
};

export const client: Command = {
  name: "client",
  arity: -2,
  flags: ["admin", "noscript", "loading"],
  run: (words, client) => {
    const name = words[1]!.toLowerCase();
    const sub = Object.hasOwn(subcommands, name) ? subcommands[name] : undefined;
    return sub
      ? sub(words, client)
      : refuse(`unknown subcommand '${words[1]!.slice(0, 128)}'. Try CLIENT HELP.`);
  },
};
