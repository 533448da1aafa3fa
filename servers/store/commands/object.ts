import type { Command } from "../command.ts";
import { readInteger } from "../numbers.ts";
import { refuse } from "../refusal.ts";
import { bulk, bulkOrNil, integer } from "../reply.ts";

export const object: Command = {
  name: "object",
  arity: -3,
  flags: ["readonly"],
  keys: [2, 2, 1],
  run: (words, { db, version }) => {
    const value = db.get(words[2]!);
    const sub = words[1]!.toLowerCase();
    if (words.length !== 3 || !["encoding", "refcount", "idletime", "freq"].includes(sub))
      return refuse(`unknown subcommand or wrong number of arguments for '${words[1]}'. Try OBJECT HELP.`);
    if (value === undefined) return bulkOrNil(version, undefined);
    if (sub === "freq")
      return refuse("An LFU maxmemory policy is not selected, access frequency not tracked.");
    if (sub !== "encoding") return integer(sub === "refcount" ? 1 : 0);
    return bulk(typeof value === "string" ? stringEncoding(value) : value.encoding);
  },
};

function stringEncoding(text: string): string {
  if (readInteger(text) !== undefined) return "int";
  return text.length <= 44 ? "embstr" : "raw";
}
