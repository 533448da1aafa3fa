import { describe, expect, test } from "vitest";
import { startStore } from "../../servers/store/index.ts";
import { encodeCommand } from "../../wire/resp.ts";
import { plain, talkTo } from "./talk.ts";

describe("a conversation", () => {
  test("is answered in order however the bytes are cut", async () => {
    await using store = await startStore();
    await using talk = await talkTo(store);
    const bytes = `${encodeCommand(["SET", "a", "x".repeat(40_000)])}PING\r\n\r\nGET "b c"\n${encodeCommand(["STRLEN", "a"])}`;
    for (const size of [bytes.length, 1_000, 7]) {
      for (let at = 0; at < bytes.length; at += size) {
        talk.send(bytes.slice(at, at + size));
        if (size > 10 && size < bytes.length) await new Promise(setImmediate);
      }
      const replies = [];
      for (let n = 0; n < 4; n++) replies.push(plain(await talk.reply()));
      expect(replies).toEqual(["OK", "PONG", null, 40_000]);
    }
  });

  test("in RESP3 has maps, sets, doubles and nulls of its own", async () => {
    await using store = await startStore();
    await using talk = await talkTo(store);
    await talk.say("HELLO", "3");
    const types = [];
    const commands = [
      "HSET h a 1",
      "HGETALL h",
      "SADD s x",
      "SMEMBERS s",
      "ZADD z 1.5 m",
      "ZSCORE z m",
      "GET none",
      "LPOP none 2",
      "CONFIG GET port",
      "INFO",
    ];
    for (const line of commands) {
      talk.send(encodeCommand(line.split(" ")));
      types.push((await talk.reply()).type);
    }
    expect(types).toEqual([
      "integer",
      "map",
      "integer",
      "set",
      "integer",
      "double",
      "null",
      "null",
      "map",
      "verbatim",
    ]);
    await talk.say("SUBSCRIBE", "news");
    expect(await talk.say("GET", "still allowed")).toBeNull();
    expect(await talk.say("HELLO", "4")).toMatch(/NOPROTO/);
  });

  test("that blocks keeps what follows waiting, and only its own", async () => {
    await using store = await startStore();
    await using blocked = await talkTo(store);
    await using other = await talkTo(store);
    blocked.send("BLPOP a b 0\r\nPING\r\nBLPOP a 5\r\nSET done 1\r\n");
    await expect.poll(() => other.say("INFO", "clients")).toContain("blocked_clients:1");
    expect(await other.say("RPUSH", "b", "1")).toBe(1);
    expect(plain(await blocked.reply())).toEqual(["b", "1"]);
    expect(plain(await blocked.reply())).toBe("PONG");
    await expect.poll(() => other.say("INFO", "clients")).toContain("blocked_clients:1");
    store.clock.advance(5_000);
    expect(plain(await blocked.reply())).toBeNull();
    expect(plain(await blocked.reply())).toBe("OK");
  });

  test("of clients that wait for the same key: the first who came is served first, who hung up is not", async () => {
    await using store = await startStore();
    await using one = await talkTo(store);
    await using two = await talkTo(store);
    const gone = await talkTo(store);
    await using other = await talkTo(store);
    const waiting = async (count: number): Promise<void> =>
      await expect.poll(() => other.say("INFO", "clients")).toContain(`blocked_clients:${count}`);
    for (const [at, talk] of [gone, one, two].entries()) {
      talk.send("BLPOP queue 0\r\n");
      await waiting(at + 1);
    }
    gone.socket.end();
    await waiting(2);
    await other.say("RPUSH", "queue", "first", "second");
    expect(plain(await one.reply())).toEqual(["queue", "first"]);
    expect(plain(await two.reply())).toEqual(["queue", "second"]);
    await gone[Symbol.asyncDispose]();
  });

  test("CLIENT UNBLOCK, KILL, REPLY and SETNAME do what they say", async () => {
    await using store = await startStore();
    await using one = await talkTo(store);
    await using two = await talkTo(store);
    const id = String(await one.say("CLIENT", "ID"));
    await one.say("CLIENT", "SETNAME", "worker");
    one.send("BLPOP a 0\r\n");
    await expect.poll(() => two.say("CLIENT", "UNBLOCK", id, "ERROR")).toBe(1);
    expect(plain(await one.reply())).toMatch(/UNBLOCKED/);
    expect(await two.say("CLIENT", "LIST")).toContain("name=worker");
    one.send("CLIENT REPLY OFF\r\nSET a 1\r\nCLIENT REPLY ON\r\nCLIENT REPLY SKIP\r\nSET a 2\r\nGET a\r\n");
    expect(plain(await one.reply())).toBe("OK");
    expect(plain(await one.reply())).toBe("2");
    expect(await two.say("CLIENT", "KILL", "ID", id)).toBe(1);
    expect(await one.rest()).toBe("");
  });

  test("a watched key that changed, or ended, discards the transaction", async () => {
    await using store = await startStore();
    await using one = await talkTo(store);
    await using two = await talkTo(store);
    await one.say("SET", "a", "1", "PX", "1000");
    for (const change of [
      () => two.say("SET", "a", "2", "PX", "1000"),
      async () => store.clock.advance(1_000),
    ]) {
      await one.say("WATCH", "a");
      await change();
      await one.say("MULTI");
      expect(await one.say("SET", "b", "1")).toBe("QUEUED");
      expect(await one.say("EXEC")).toBeNull();
    }
    expect(await one.say("EXISTS", "b")).toBe(0);
  });
});

describe("time", () => {
  test("moves when a test says so: keys end, whether somebody looks or not", async () => {
    await using store = await startStore();
    await using talk = await talkTo(store);
    for (let n = 0; n < 3_000; n++) talk.send(encodeCommand(["SET", `k${n}`, "1", "EX", "600"]));
    for (let n = 0; n < 3_000; n++) await talk.reply();
    store.clock.advance(590_000);
    expect(await talk.say("DBSIZE")).toBe(3_000);
    store.clock.advance(10_001);
    expect(await talk.say("DBSIZE")).toBe(0);
    expect(() => store.clock.advance(-1)).toThrow(TypeError);
  });

  test("removes keys that nobody looks at, also behind many that stay", async () => {
    await using store = await startStore();
    await using talk = await talkTo(store);
    for (let n = 0; n < 3_000; n++)
      talk.send(encodeCommand(["SET", `k${n}`, "1", "PX", n < 2_900 ? "600000" : "20"]));
    for (let n = 0; n < 3_000; n++) await talk.reply();
    await expect.poll(() => talk.say("DBSIZE"), { timeout: 5_000 }).toBe(2_900);
  });
});

describe("the limit of memory", () => {
  test("noeviction refuses what needs more, and nothing else", async () => {
    await using store = await startStore({ maxMemoryBytes: 100_000 });
    await using talk = await talkTo(store);
    let reply;
    let count = 0;
    do reply = await talk.say("SET", `k${count++}`, "x".repeat(1_000));
    while (reply === "OK" && count < 1_000);
    expect(count).toBeLessThan(110);
    expect(reply).toBe("(error) OOM command not allowed when used memory > 'maxmemory'.");
    expect(await talk.say("GET", "k0")).toHaveLength(1_000);
    await talk.say("DEL", "k0", "k1");
    expect(await talk.say("SET", "k0", "1")).toBe("OK");
  });

  test("allkeys-lru removes what was not used for longest", async () => {
    await using store = await startStore({ maxMemoryBytes: 100_000, evictionPolicy: "allkeys-lru" });
    await using talk = await talkTo(store);
    for (let n = 0; n < 500; n++) {
      expect(await talk.say("SET", `k${n}`, "x".repeat(1_000))).toBe("OK");
      expect(await talk.say("EXISTS", "k0")).toBe(1);
    }
    expect(await talk.say("EXISTS", "k1", "k499")).toBe(1);
    expect(await talk.say("INFO", "stats")).toMatch(/evicted_keys:4\d\d/);
    await talk.say("CONFIG", "SET", "maxmemory", "0");
    for (let n = 0; n < 200; n++) await talk.say("SET", `k${n}`, "x".repeat(1_000));
    expect(Number(await talk.say("DBSIZE"))).toBeGreaterThan(200);
  });
});

test("SCAN gives everything that was there from the first call to the last, whatever happens in between", async () => {
  await using store = await startStore();
  await using talk = await talkTo(store);
  for (let n = 0; n < 1_000; n++) talk.send(encodeCommand(["SET", `stays ${n}`, "1"]));
  for (let n = 0; n < 1_000; n++) await talk.reply();
  const seen = new Set<string>();
  let cursor = "0";
  let calls = 0;
  do {
    const page = (await talk.say("SCAN", cursor, "COUNT", "10")) as [string, string[]];
    cursor = page[0];
    for (const key of page[1]) seen.add(key);
    // One goes and two come at each step: a scan ends all the same.
    await talk.say("SET", `comes ${calls}`, "1");
    await talk.say("SET", `comes too ${calls}`, "1");
    await talk.say("DEL", `comes ${calls - 3}`);
  } while (cursor !== "0" && ++calls < 1_000);
  expect(calls).toBeLessThan(150);
  for (let n = 0; n < 1_000; n++) expect(seen).toContain(`stays ${n}`);
});

test("the transcript tells what was said, without passwords and in bounds", async () => {
  await using store = await startStore({ password: "sesame" });
  await using talk = await talkTo(store);
  await talk.say("AUTH", "sesame");
  await talk.say("SET", "key", "x".repeat(100_000));
  await talk.say("GET", "key");
  const text = store.transcript.text();
  expect(text).toContain("C: AUTH ***\n");
  expect(text).toContain("(100000 bytes)");
  expect(text).not.toContain("sesame");
  expect(text.length).toBeLessThan(5_000);
});
