import type { Command } from "../command.ts";
import { yes } from "../reply.ts";
import { Members } from "../values/members.ts";

export const sMove: Command = {
  name: "smove",
  arity: 4,
  flags: ["write", "fast"],
  keys: [1, 2, 1],
  run: (words, { db }) => {
    const [, from = "", to = "", member = ""] = words;
    const source = db.of(from, Members);
    if (!source) return yes(false);
    const target = db.of(to, Members);
    if (source === target) return yes(source.members.has(member));
    if (!source.members.delete(member)) return yes(false);
    db.made(to, Members).add(member);
    db.changed(from);
    db.changed(to);
    return yes(true);
  },
};
