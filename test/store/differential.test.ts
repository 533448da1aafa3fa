import { expect, test } from "vitest";
import { startStore } from "../../servers/store/index.ts";
import { encodeCommand } from "../../wire/resp.ts";
import { needs } from "../peers/tools.ts";
import { type Comparison, type RandomCommand, randomCommands } from "./random-commands.ts";
import { startRedis } from "./redis-server.ts";
import { plain, type Plain, type Talk, talkTo } from "./talk.ts";

const count = Number(process.env["STORE_COMMANDS"] ?? 100_000);
const seed = Number(process.env["STORE_SEED"] ?? 20_260_727);
const burst = 250;

/** Redis 7.0 prints 0.1 as 0.10000000000000001; the numbers here are such that this does not matter. */
async function replies(talk: Talk, commands: readonly RandomCommand[]): Promise<Plain[]> {
  talk.send(commands.map(({ words }) => encodeCommand(words)).join(""));
  const found: Plain[] = [];
  for (let at = 0; at < commands.length; at++) found.push(plain(await talk.reply()));
  return found;
}

/** A reply without what the order of a hash table decides. */
function comparable(reply: Plain, comparison: Comparison): Plain {
  if (comparison === "encoding" && ["int", "embstr", "raw"].includes(String(reply))) return "string";
  if (!Array.isArray(reply)) return reply;
  if (comparison === "unordered") return reply.map(String).toSorted();
  if (comparison === "pairs")
    return reply
      .map((item, at) => (at % 2 === 0 ? `${String(item)}=${String(reply[at + 1])}` : ""))
      .toSorted();
  if (comparison === "page") return [reply[0] as Plain, (reply[1] as string[]).toSorted()];
  return reply;
}

test(
  `${count} random commands of every family are answered as redis-server answers them`,
  { ...needs("redis-server"), timeout: 120_000 },
  async () => {
    await using redis = await startRedis();
    await using store = await startStore();
    await using theirs = await talkTo(redis);
    await using ours = await talkTo(store);
    let transaction: Comparison[] | undefined;
    let batch: RandomCommand[] = [];
    let done = 0;
    const compare = async (): Promise<void> => {
      const [expected, actual] = await Promise.all([replies(theirs, batch), replies(ours, batch)]);
      for (const [at, { words, comparison }] of batch.entries()) {
        done++;
        const name = words[0]!;
        const wanted = expected[at]!;
        const how = (reply: Plain): Plain => {
          if (name === "EXEC" && Array.isArray(reply) && transaction)
            return reply.map((item, n) => comparable(item as Plain, transaction![n] ?? "exact"));
          return comparable(reply, comparison);
        };
        expect(
          how(actual[at]!),
          `command ${done}: ${words.map((word) => JSON.stringify(word)).join(" ")}`,
        ).toEqual(how(wanted));
        if (name === "MULTI" && wanted === "OK") transaction = [];
        else if (name === "EXEC" || name === "DISCARD") transaction = undefined;
        else if (wanted === "QUEUED") transaction?.push(comparison);
      }
      batch = [];
    };
    for (const command of randomCommands(seed, count)) {
      batch.push(command);
      if (batch.length === burst) await compare();
    }
    await compare();
    expect(done).toBe(count);
  },
);
