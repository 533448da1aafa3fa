import { Redis } from "ioredis";
import { createClient } from "redis";
import { describe, expect, test } from "vitest";
import { startStore } from "../../servers/store/index.ts";
import { needs, runTool } from "../peers/tools.ts";

describe("redis-cli", needs("redis-cli"), () => {
  test.each([[], ["-3"]])("speaks to it %s", async (...flags) => {
    await using store = await startStore();
    const cli = async (...words: string[]): Promise<string> =>
      (await runTool("redis-cli", [...flags, "-p", String(store.port), ...words])).stdout.trimEnd();
    expect(await cli("SET", "greeting", "hello")).toBe("OK");
    expect(await cli("GET", "greeting")).toBe("hello");
    expect(await cli("RPUSH", "list", "1", "2", "3")).toBe("3");
    expect(await cli("LRANGE", "list", "0", "-1")).toBe("1\n2\n3");
    expect(await cli("HSET", "hash", "a", "1")).toBe("1");
    expect((await cli("HGETALL", "hash")).split(/[\s]+/)).toEqual(["a", "1"]);
    expect(await cli("XADD", "stream", "1-1", "a", "b")).toBe("1-1");
    expect(await cli("--scan")).toContain("stream");
    expect(await cli("INFO", "server")).toContain("redis_version");
    expect(await cli("CLIENT", "LIST")).toContain("cmd=client");
    expect(await cli("NOSUCH")).toMatch(/^ERR unknown command 'NOSUCH'/);
  });

  test("typed lines and a pipe of commands are answered too", async () => {
    await using store = await startStore();
    const { stdout } = await runTool("redis-cli", ["-p", String(store.port)], {
      input: 'SET a "two words"\nGET a\nINCR a\n',
    });
    expect(stdout).toContain("two words");
    const commands = Array.from({ length: 1_000 }, (_, n) => `SET key:${n} ${n}\r\n`).join("");
    const pipe = await runTool("redis-cli", ["-p", String(store.port), "--pipe"], { input: commands });
    expect(pipe.stdout).toContain("errors: 0, replies: 1000");
  });
});

test("ioredis: values, expiry, pipelines, transactions, scanning, channels, blocking, streams", async () => {
  await using store = await startStore();
  const redis = new Redis(store.port, "127.0.0.1");
  const other = redis.duplicate();
  try {
    await redis.set("a", "1", "EX", 100);
    expect(await redis.ttl("a")).toBe(100);
    store.clock.advance(100_000);
    expect(await redis.get("a")).toBeNull();
    await redis.set("bytes", Buffer.from([0, 255, 13, 10]));
    expect(await redis.getBuffer("bytes")).toEqual(Buffer.from([0, 255, 13, 10]));
    await redis.hset("hash", "one", "1", "two", "2");
    expect(await redis.hgetall("hash")).toEqual({ one: "1", two: "2" });
    await redis.zadd("board", "3", "c", "1", "a", "2", "b");
    expect(await redis.zrange("board", "0", "-1", "WITHSCORES")).toEqual(["a", "1", "b", "2", "c", "3"]);
    expect(await redis.pipeline().incr("n").incr("n").sadd("set", "x").exec()).toEqual([
      [null, 1],
      [null, 2],
      [null, 1],
    ]);
    expect(await redis.multi().lpush("list", "1").lrange("list", 0, -1).exec()).toEqual([
      [null, 1],
      [null, ["1"]],
    ]);
    for (let n = 0; n < 300; n++) await redis.sadd("many", `member ${n}`);
    const seen = new Set<string>();
    for await (const members of redis.sscanStream("many", { count: 50 }))
      for (const member of members as string[]) seen.add(member);
    expect(seen.size).toBe(300);

    const message = new Promise((resolve) =>
      other.on("pmessage", (pattern, channel, text) => resolve([pattern, channel, text])),
    );
    await other.psubscribe("news.*");
    expect(await redis.publish("news.today", "hello")).toBe(1);
    expect(await message).toEqual(["news.*", "news.today", "hello"]);
    await other.punsubscribe();

    const popped = other.blpop("queue", 0);
    await redis.rpush("queue", "job");
    expect(await popped).toEqual(["queue", "job"]);
    const read = other.xread("BLOCK", 0, "STREAMS", "stream", "$");
    await expect.poll(async () => await redis.info("clients")).toContain("blocked_clients:1");
    const id = await redis.xadd("stream", "*", "field", "value");
    expect(await read).toEqual([["stream", [[id, ["field", "value"]]]]]);
  } finally {
    redis.disconnect();
    other.disconnect();
  }
});

test("node-redis with RESP3: values, maps, sets, scores, transactions, channels, blocking", async () => {
  await using store = await startStore({ password: "sesame" });
  const redis = createClient({ url: store.url, password: "sesame" });
  const other = redis.duplicate();
  redis.on("error", () => {});
  other.on("error", () => {});
  await redis.connect();
  await other.connect();
  try {
    expect(await redis.set("a", "1", { expiration: { type: "PX", value: 5_000 } })).toBe("OK");
    expect(await redis.pTTL("a")).toBeGreaterThan(4_000);
    await redis.hSet("hash", { one: "1", two: "2" });
    expect({ ...(await redis.hGetAll("hash")) }).toEqual({ one: "1", two: "2" });
    await redis.sAdd("set", ["x", "y"]);
    expect(await redis.sMembers("set")).toEqual(["x", "y"]);
    await redis.zAdd("board", [
      { score: 1.5, value: "a" },
      { score: 2, value: "b" },
    ]);
    expect(await redis.zScore("board", "a")).toBe(1.5);
    expect(await redis.zRangeWithScores("board", 0, -1)).toEqual([
      { score: 1.5, value: "a" },
      { score: 2, value: "b" },
    ]);
    expect(await redis.multi().incr("n").get("n").exec()).toEqual([1, "1"]);
    const heard = new Promise((resolve) => {
      void other.subscribe("news", (text) => resolve(text)).then(() => redis.publish("news", "hello"));
    });
    expect(await heard).toBe("hello");
    await other.unsubscribe();
    const popped = other.blPop("queue", 0);
    await redis.rPush("queue", "job");
    expect(await popped).toEqual({ key: "queue", element: "job" });
    const id = await redis.xAdd("stream", "*", { field: "value" });
    const [stream] = (await redis.xRead({ key: "stream", id: "0" })) as unknown as {
      name: string;
      messages: { id: string; message: Record<string, string> }[];
    }[];
    expect(stream?.name).toBe("stream");
    expect(stream?.messages[0]?.id).toBe(id);
    expect({ ...stream?.messages[0]?.message }).toEqual({ field: "value" });
    await redis.watch("a");
    await other.set("a", "2");
    await expect(redis.multi().set("a", "3").exec()).rejects.toThrow();
  } finally {
    redis.destroy();
    other.destroy();
  }
});

test(
  "redis-benchmark finds every command that it asks for",
  { ...needs("redis-benchmark"), timeout: 60_000 },
  async () => {
    await using store = await startStore();
    const tests = "ping,set,get,incr,lpush,rpush,lpop,rpop,sadd,hset,spop,zadd,zpopmin,lrange,mset";
    const flags = ["-n", "2000", "-c", "20", "-P", "4", "--csv", "-t", tests];
    const { stdout, stderr } = await runTool("redis-benchmark", ["-p", String(store.port), ...flags]);
    expect(stderr).toBe("");
    expect(stdout.trim().split("\n").length).toBeGreaterThan(15);
  },
);
