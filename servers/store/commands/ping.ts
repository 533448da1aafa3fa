import type { Command } from "../command.ts";
import { refuse } from "../refusal.ts";
import { array, bulk, simple } from "../reply.ts";

export const ping: Command = {
  name: "ping",
  arity: -1,
  flags: ["fast"],
  run: (words, client) => {
    if (words.length > 2) refuse("wrong number of arguments for 'ping' command");
    if (client.isSubscribed && client.version === 2) return array([bulk("pong"), bulk(words[1] ?? "")]);
    return words[1] === undefined ? simple("PONG") : bulk(words[1]);
  },
};
