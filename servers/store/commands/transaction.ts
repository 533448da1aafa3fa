import type { Command } from "../command.ts";
import { array, error, nilArray, ok } from "../reply.ts";
import { Refusal, refuse } from "../refusal.ts";

export const multi: Command = {
  name: "multi",
  arity: 1,
  flags: ["fast", "no_multi"],
  run: (_, client) => {
    if (client.transaction) refuse("MULTI calls can not be nested");
    client.transaction = { commands: [], isBroken: false };
    return ok;
  },
};

export const exec: Command = {
  name: "exec",
  arity: 1,
  flags: ["no_multi"],
  run: (_, client) => {
    const { transaction, engine } = client;
    if (!transaction) return refuse("EXEC without MULTI");
    client.transaction = undefined;
    // A watched key whose time has come has changed, although nobody has looked at it.
    for (const [db, keys] of client.watched) for (const key of keys) db.expireIfDue(key);
    const { isWatchBroken } = client;
    engine.unwatch(client);
    if (transaction.isBroken)
      throw new Refusal("EXECABORT Transaction discarded because of previous errors.");
    if (isWatchBroken) return nilArray(client.version);
    const replies: string[] = [];
    client.canBlock = false;
    engine.journal?.begin();
    for (const { command, words } of transaction.commands) {
      const answer = engine.run(client, command, words);
      replies.push(typeof answer === "string" ? answer : error("ERR a command within EXEC cannot wait"));
    }
    engine.journal?.commit();
    client.canBlock = true;
    engine.insteadNothing();
    return array(replies);
  },
};

export const discard: Command = {
  name: "discard",
  arity: 1,
  flags: ["fast", "no_multi"],
  run: (_, client) => {
    if (!client.transaction) refuse("DISCARD without MULTI");
    client.transaction = undefined;
    client.engine.unwatch(client);
    return ok;
  },
};

export const watch: Command = {
  name: "watch",
  arity: -2,
  flags: ["fast", "no_multi"],
  keys: [1, -1, 1],
  run: (words, client) => {
    if (client.transaction) refuse("WATCH inside MULTI is not allowed");
    const { db, engine } = client;
    let keys = client.watched.get(db);
    if (!keys) client.watched.set(db, (keys = new Set()));
    let watched = engine.watchers.get(db);
    if (!watched) engine.watchers.set(db, (watched = new Map()));
    for (const key of words.slice(1)) {
      db.expireIfDue(key);
      keys.add(key);
      const clients = watched.get(key);
      if (clients) clients.add(client);
      else watched.set(key, new Set([client]));
    }
    return ok;
  },
};

export const unwatch: Command = {
  name: "unwatch",
  arity: 1,
  flags: ["fast"],
  run: (_, client) => {
    client.engine.unwatch(client);
    return ok;
  },
};
