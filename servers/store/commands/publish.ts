import type { Command } from "../command.ts";
import { integer } from "../reply.ts";

export const publish: Command = {
  name: "publish",
  arity: 3,
  flags: ["pubsub", "loading", "fast"],
  run: (words, { engine }) => integer(engine.channels.publish(words[1]!, words[2]!)),
};
