import { appendFileSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { startStore, type TornTail } from "../../servers/store/index.ts";
import { encodeCommand } from "../../wire/resp.ts";
import { needs, runTool, scratch } from "../peers/tools.ts";
import { run } from "../scripts/spawned.ts";
import { contentsOf } from "./contents.ts";
import { randomCommands } from "./random-commands.ts";
import { startRedis } from "./redis-server.ts";
import { plain, type Plain, type Talk, talkTo } from "./talk.ts";

const withFile = ["--appendonly", "yes", "--aof-use-rdb-preamble", "no"];

/** Fill a server with what the random commands leave behind. */
async function fill(talk: Talk, count: number, seed = 7): Promise<void> {
  const commands = [...randomCommands(seed, count)];
  talk.send(commands.map(({ words }) => encodeCommand(words)).join(""));
  for (const _ of commands) await talk.reply();
  // A transaction that is left open would keep the next ones waiting.
  await talk.say("DISCARD");
}

function lastFile(folder: string): string {
  const within = join(folder, "appendonlydir");
  const names = readdirSync(within).filter((name) => name.endsWith(".incr.aof"));
  return join(within, names.toSorted().at(-1)!);
}

describe("the append-only file", () => {
  test("gives everything back, with its time to live", async () => {
    using folder = scratch();
    let before: Record<string, Plain>;
    {
      await using store = await startStore({ folder: folder.path });
      await using talk = await talkTo(store);
      await fill(talk, 20_000);
      before = await contentsOf(talk);
    }
    expect(Object.keys(before).length).toBeGreaterThan(10);
    await using store = await startStore({ folder: folder.path });
    await using talk = await talkTo(store);
    expect(await contentsOf(talk)).toEqual(before);
    expect(store.tornTail).toBeUndefined();
  });

  test("holds what waiting, chance and time have done", async () => {
    using folder = scratch();
    let before: Record<string, Plain>;
    {
      await using store = await startStore({ folder: folder.path });
      await using talk = await talkTo(store);
      await using waiting = await talkTo(store);
      waiting.send("BLPOP queue 0\r\nBLMOVE a b LEFT RIGHT 0\r\nBZPOPMIN z 0\r\n");
      await talk.say("RPUSH", "queue", "1", "2");
      await talk.say("RPUSH", "a", "1", "2");
      await talk.say("ZADD", "z", "1", "one", "2", "two");
      for (let at = 0; at < 3; at++) await waiting.reply();
      await talk.say("SADD", "set", ..."abcdefgh".split(""));
      await talk.say("SPOP", "set", "3");
      await talk.say("SET", "short", "1", "PX", "50");
      await talk.say("SET", "long", "1", "EX", "1000");
      store.clock.advance(60);
      expect(await talk.say("EXISTS", "short")).toBe(0);
      await talk.say("XADD", "stream", "*", "a", "1");
      await talk.say("INCRBYFLOAT", "float", "0.1");
      await talk.say("MULTI");
      await talk.say("INCR", "n");
      await talk.say("INCR", "n");
      await talk.say("EXEC");
      before = await contentsOf(talk);
    }
    await using store = await startStore({ folder: folder.path });
    await using talk = await talkTo(store);
    expect(await contentsOf(talk)).toEqual(before);
    expect(readFileSync(lastFile(folder.path), "latin1")).toContain("MULTI");
  });

  test("is rewritten while it is written to: shorter, and the same", async () => {
    using folder = scratch();
    let before: Record<string, Plain>;
    {
      await using store = await startStore({ folder: folder.path });
      await using talk = await talkTo(store);
      await using other = await talkTo(store);
      await fill(talk, 5_000);
      for (let n = 0; n < 200; n++)
        talk.send(encodeCommand(["RPUSH", `big${n}`, ...Array.from({ length: 100 }, String)]));
      for (let n = 0; n < 200; n++) await talk.reply();
      const rewriting = [store.rewrite(), store.rewrite()];
      // Not repeatable, so that each change is seen once or the lists differ.
      for (let n = 0; n < 200; n++) other.send(encodeCommand(["RPUSH", `big${n % 50}`, String(n)]));
      await fill(other, 3_000, 8);
      await Promise.all(rewriting);
      await fill(talk, 1_000, 9);
      before = await contentsOf(talk);
      const names = readdirSync(join(folder.path, "appendonlydir"));
      expect(names.toSorted()).toEqual([
        "appendonly.aof.2.base.aof",
        "appendonly.aof.2.incr.aof",
        "appendonly.aof.manifest",
      ]);
    }
    await using store = await startStore({ folder: folder.path });
    await using talk = await talkTo(store);
    expect(await contentsOf(talk)).toEqual(before);
  });

  test("grows no further than it may, without anybody asking", async () => {
    using folder = scratch();
    await using store = await startStore({ folder: folder.path, minRewriteBytes: 50_000 });
    await using talk = await talkTo(store);
    for (let n = 0; n < 3_000; n++) talk.send(encodeCommand(["SET", "key", "x".repeat(100)]));
    for (let n = 0; n < 3_000; n++) await talk.reply();
    await expect.poll(() => statSync(lastFile(folder.path)).size, { timeout: 5_000 }).toBeLessThan(50_000);
    expect(await talk.say("STRLEN", "key")).toBe(100);
  });
});

describe("a file that ends too early or is none", () => {
  test.each([
    ["a part of a command", "*3\r\n$3\r\nSET\r\n$1\r\nb\r\n$100\r\nxyz"],
    ["a transaction without its end", encodeCommand(["MULTI"]) + encodeCommand(["SET", "b", "1"])],
  ])("%s is cut off, and told", async (_, tail) => {
    using folder = scratch();
    {
      await using store = await startStore({ folder: folder.path });
      await using talk = await talkTo(store);
      await talk.say("SET", "a", "1");
    }
    const file = lastFile(folder.path);
    const { size } = statSync(file);
    appendFileSync(file, tail);
    const told: TornTail[] = [];
    for (const expected of [{ file, keptBytes: size, cutBytes: tail.length }, undefined]) {
      await using store = await startStore({ folder: folder.path, onTornTail: (tail) => told.push(tail) });
      expect(store.tornTail).toEqual(expected);
      await using talk = await talkTo(store);
      expect(await talk.say("MGET", "a", "b")).toEqual(["1", null]);
      await talk.say("SET", "c", "1");
    }
    expect(told).toHaveLength(1);
  });

  test.each([
    ["garbage", 'this is "no command\r\n', /unbalanced quotes/],
    [
      "a command that nobody knows",
      encodeCommand(["FROBNICATE", "a"]),
      /FROBNICATE, which this store does not know/,
    ],
  ])("%s is refused, and nothing is lost", async (_, garbage, complaint) => {
    using folder = scratch();
    await (await startStore({ folder: folder.path })).close();
    const file = lastFile(folder.path);
    appendFileSync(file, garbage);
    await expect(startStore({ folder: folder.path })).rejects.toThrow(complaint);
    expect(readFileSync(file, "latin1")).toBe(garbage);
  });
});

describe("the same files in Redis", needs("redis-server", "redis-check-aof"), () => {
  test.each([false, true])(
    "ours are read by redis-server and pass redis-check-aof; rewritten: %s",
    async (isRewritten) => {
      using folder = scratch();
      let before: Record<string, Plain>;
      {
        await using store = await startStore({ folder: folder.path });
        await using talk = await talkTo(store);
        await fill(talk, 20_000);
        if (isRewritten) await store.rewrite();
        await fill(talk, 500, 8);
        before = await contentsOf(talk);
      }
      const manifest = join(folder.path, "appendonlydir", "appendonly.aof.manifest");
      const check = await runTool("redis-check-aof", [manifest]);
      expect(check.stdout).toContain("All AOF files and manifest are valid");
      await using redis = await startRedis(folder.path, withFile);
      await using talk = await talkTo(redis);
      expect(await contentsOf(talk)).toEqual(before);
    },
  );

  test.each([false, true])("its files are read by us, and written on; rewritten: %s", async (isRewritten) => {
    using folder = scratch();
    let before: Record<string, Plain>;
    {
      await using redis = await startRedis(folder.path, withFile);
      await using talk = await talkTo(redis);
      await fill(talk, 10_000);
      if (isRewritten) {
        await talk.say("BGREWRITEAOF");
        const isDone = async (): Promise<boolean> =>
          /aof_rewrite_in_progress:0[^]*aof_rewrite_scheduled:0/.test(
            String(await talk.say("INFO", "persistence")),
          );
        await expect.poll(isDone).toBe(true);
      }
      await fill(talk, 500, 8);
      before = await contentsOf(talk);
    }
    await using store = await startStore({ folder: folder.path });
    await using talk = await talkTo(store);
    expect(await contentsOf(talk)).toEqual(before);
    expect(await talk.say("SET", "on", "1")).toBe("OK");
  });
});

test(
  "kill -9 in mid-write under always loses nothing that was acknowledged",
  { timeout: 60_000 },
  async () => {
    using folder = scratch();
    let acknowledged = 0;
    for (let round = 0; round < 3; round++) {
      await using server = run("store", [
        "--listen",
        ":0",
        "--json",
        "--file",
        folder.path,
        "--fsync",
        "always",
      ]);
      const { store = "" } = JSON.parse(await server.said("stdout", /^.*\n/)) as Record<string, string>;
      await using talk = await talkTo({ port: Number(new URL(store).port) });
      // A write that was under way may be there or not; all that was acknowledged is.
      const before = Number(await talk.say("LLEN", "log"));
      expect(before).toBeGreaterThanOrEqual(acknowledged);
      expect(
        ((await talk.say("LRANGE", "log", "0", "-1")) as string[]).every((item, at) =>
          item.startsWith(`${at} `),
        ),
      ).toBe(true);
      acknowledged = before;
      for (let n = before; n < before + 20_000; n++)
        talk.send(encodeCommand(["RPUSH", "log", `${n} ${"x".repeat(n % 300)}`]));
      const killAt = before + 300 + round * 211;
      for (;;) {
        const reply = await talk.reply().catch(() => undefined);
        if (reply === undefined) break;
        acknowledged = Number(plain(reply));
        if (acknowledged === killAt) server.signal("SIGKILL");
      }
      expect(acknowledged).toBeGreaterThanOrEqual(killAt);
      expect(acknowledged).toBeLessThan(before + 20_000);
    }
    await using store = await startStore({ folder: folder.path });
    await using talk = await talkTo(store);
    expect(Number(await talk.say("LLEN", "log"))).toBeGreaterThanOrEqual(acknowledged);
  },
);
