import type { Command } from "../command.ts";
import { integer } from "../reply.ts";

export const dbSize: Command = {
  name: "dbsize",
  arity: 1,
  flags: ["readonly", "fast"],
  run: (_, { db }) => integer(db.size),
};
