import type { Client } from "../client.ts";
import type { Command } from "../command.ts";
import { bulk, integer, nil, push } from "../reply.ts";

export function subscribing(name: string, act: (client: Client, channel: string) => void): Command {
  return {
    name,
    arity: -2,
    flags: ["pubsub", "noscript", "loading", "not_in_multi"],
    run: (words, client) => {
      let reply = "";
      for (const channel of words.slice(1)) {
        act(client, channel);
        reply += told(client, name, bulk(channel));
      }
      return reply;
    },
  };
}

/** One confirmation, and how many subscriptions there are now. */
function told(client: Client, name: string, channel: string): string {
  return push(client.version, [bulk(name), channel, integer(client.channels.size + client.patterns.size)]);
}

export function unsubscribing(
  name: string,
  all: (client: Client) => ReadonlySet<string>,
  act: (client: Client, channel: string) => void,
): Command {
  return {
    name,
    arity: -1,
    flags: ["pubsub", "noscript", "loading", "not_in_multi"],
    run: (words, client) => {
      const names = words.length > 1 ? words.slice(1) : [...all(client)];
      if (names.length === 0) return told(client, name, nil(client.version));
      let reply = "";
      for (const channel of names) {
        act(client, channel);
        reply += told(client, name, bulk(channel));
      }
      return reply;
    },
  };
}
