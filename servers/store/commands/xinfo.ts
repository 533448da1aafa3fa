import type { Command } from "../command.ts";
import { refuse } from "../refusal.ts";
import { bulk, bulks, integer, map, nilArray } from "../reply.ts";
import { Stream, printId } from "../values/stream.ts";

/** XINFO STREAM key */
export const xInfo: Command = {
  name: "xinfo",
  arity: -2,
  flags: ["readonly"],
  keys: [2, 2, 1],
  run: (words, { db, version }) => {
    if (words[1]!.toLowerCase() !== "stream" || words.length !== 3)
      return refuse(`unknown subcommand '${words[1]}'. Try XINFO HELP.`);
    const stream = db.of(words[2]!, Stream) ?? refuse("no such key");
    const entry = (index: number): string => {
      const [reply] = stream.entries.slice(index, index);
      return reply ? `*2\r\n${bulk(printId(reply.id))}${bulks(reply.fields)}` : nilArray(version);
    };
    const facts: readonly (readonly [string, string])[] = [
      ["length", integer(stream.size)],
      ["last-generated-id", bulk(printId(stream.last))],
      ["max-deleted-entry-id", bulk(printId(stream.maxDeleted))],
      ["entries-added", integer(stream.added)],
      ["groups", integer(0)],
      ["first-entry", entry(0)],
      ["last-entry", entry(stream.size - 1)],
    ];
    return map(
      version,
      facts.flatMap(([name, reply]) => [bulk(name), reply]),
    );
  },
};
