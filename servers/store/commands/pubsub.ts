import type { Command } from "../command.ts";
import { matcher } from "../pattern.ts";
import { refuse } from "../refusal.ts";
import { array, bulk, bulks, integer } from "../reply.ts";

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
