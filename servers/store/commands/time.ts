import type { Command } from "../command.ts";
import { bulks } from "../reply.ts";

export const time: Command = {
  name: "time",
  arity: 1,
  flags: ["loading", "fast"],
  run: (_, { engine }) => {
    const nowMs = engine.clock.now();
    return bulks([String(Math.floor(nowMs / 1_000)), String((nowMs % 1_000) * 1_000)]);
  },
};
