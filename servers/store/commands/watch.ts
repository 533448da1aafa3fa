import type { Command } from "../command.ts";
import { refuse } from "../refusal.ts";
import { ok } from "../reply.ts";

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
