import type { Plain, Talk } from "./talk.ts";

const readers: Readonly<Record<string, (key: string) => readonly string[]>> = {
  string: (key) => ["GET", key],
  list: (key) => ["LRANGE", key, "0", "-1"],
  hash: (key) => ["HGETALL", key],
  set: (key) => ["SMEMBERS", key],
  zset: (key) => ["ZRANGE", key, "0", "-1", "WITHSCORES"],
  stream: (key) => ["XRANGE", key, "-", "+"],
};

/** Everything that a server holds in its first two databases, in an order that does not depend on the server. */
export async function contentsOf(talk: Talk): Promise<Record<string, Plain>> {
  const contents: Record<string, Plain> = {};
  for (const db of ["0", "1"]) {
    await talk.say("SELECT", db);
    for (const key of ((await talk.say("KEYS", "*")) as string[]).toSorted()) {
      const type = String(await talk.say("TYPE", key));
      const value = await talk.say(...readers[type]!(key));
      contents[`${db} ${key}`] = [
        type,
        await talk.say("PEXPIRETIME", key),
        type === "set" || type === "hash" ? pairs(value as Plain[], type === "hash" ? 2 : 1) : value,
        type === "stream" ? lastIds((await talk.say("XINFO", "STREAM", key)) as Plain[]) : null,
      ];
    }
  }
  return contents;
}

function pairs(items: readonly Plain[], step: number): string[] {
  return items
    .flatMap((_, at) =>
      at % step === 0
        ? [
            items
              .slice(at, at + step)
              .map(String)
              .join("="),
          ]
        : [],
    )
    .toSorted();
}

function lastIds(facts: readonly Plain[]): Plain[] {
  return ["last-generated-id", "max-deleted-entry-id", "entries-added"].map(
    (name) => facts[facts.indexOf(name) + 1]!,
  );
}
