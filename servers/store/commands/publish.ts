import type { Client } from "../client.ts";
import type { Command } from "../command.ts";
import { matcher } from "../pattern.ts";
import { array, bulk, bulks, integer, nil, push } from "../reply.ts";
import { refuse } from "../refusal.ts";

export const publish: Command = {
  name: "publish",
  arity: 3,
  flags: ["pubsub", "loading", "fast"],
  run: (words, { engine }) => integer(engine.channels.publish(words[1]!, words[2]!)),
};

function subscribing(name: string, act: (client: Client, channel: string) => void): Command {
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

export const subscribe = subscribing("subscribe", (client, channel) =>
  client.engine.channels.subscribe(client, channel),
);
export const pSubscribe = subscribing("psubscribe", (client, pattern) =>
  client.engine.channels.subscribePattern(client, pattern),
);

function unsubscribing(
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

export const unsubscribe = unsubscribing(
  "unsubscribe",
  ({ channels }) => channels,
  (client, channel) => client.engine.channels.unsubscribe(client, channel),
);
export const pUnsubscribe = unsubscribing(
  "punsubscribe",
  ({ patterns }) => patterns,
  (client, pattern) => client.engine.channels.unsubscribePattern(client, pattern),
);

export const pubSub: Command = {
  name: "pubsub",
  arity: -2,
  flags: ["pubsub", "loading"],
  run: (words, { engine }) => {
    const { channels, patterns } = engine.channels;
    switch (words[1]!.toLowerCase()) {
      case "channels": {
        const matches = matcher(words[2] ?? "*");
        return bulks([...channels.keys()].filter(matches));
      }
      case "numsub":
        return array(words.slice(2).flatMap((name) => [bulk(name), integer(channels.get(name)?.size ?? 0)]));
      case "numpat":
        return integer(patterns.size);
      default:
        return refuse(`unknown subcommand '${words[1]}'. Try PUBSUB HELP.`);
    }
  },
};
