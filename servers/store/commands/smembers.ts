import type { Command } from "../command.ts";
import { set } from "../reply.ts";
import { Members } from "../values/members.ts";

export const sMembers: Command = {
  name: "smembers",
  arity: 2,
  flags: ["readonly"],
  keys: [1, 1, 1],
  run: (words, { db, version }) => set(version, db.of(words[1]!, Members)?.list() ?? []),
};
