import { Redis } from "ioredis";
import { expect, test } from "vitest";
import { startStore } from "../../../servers/store/index.ts";
import type { FaultRule } from "../../../wire/exchange/rule.ts";
import type { storeFaults } from "./elsewhere.ts";

/** ioredis, without its own attempts to hide what happens. */
function client(url: string): Redis & AsyncDisposable {
  const redis = new Redis(url, {
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    enableReadyCheck: false,
  });
  redis.on("error", () => {});
  return Object.assign(redis, { [Symbol.asyncDispose]: () => Promise.resolve(redis.disconnect()) });
}

const cases: Record<(typeof storeFaults)[number], readonly [rule: FaultRule, says: RegExp]> = {
  moved: [{ fault: "moved", on: "GET", to: "127.0.0.1:7001", slot: 3999 }, /^MOVED 3999 127\.0\.0\.1:7001$/],
  ask: [{ fault: "ask", on: "GET", to: "127.0.0.1:7001" }, /^ASK 0 127\.0\.0\.1:7001$/],
  loading: [{ fault: "loading", on: "GET" }, /^LOADING /],
  wrong_type: [{ fault: "wrong_type", on: "GET" }, /^WRONGTYPE /],
  half_bulk: [{ fault: "half_bulk" }, /closed|max retries/i],
};

test.each(Object.entries(cases))("ioredis sees %s", async (_name, [rule, says]) => {
  await using store = await startStore({ rules: [{ ...rule, times: { first: 1 } }] });
  await using redis = client(store.url);
  await redis.set("greeting", "hello");
  await expect(redis.get("greeting")).rejects.toThrow(says);
  expect(store.rules.list()).toMatchObject([{ met: 1, fired: 1 }]);
  await using again = client(store.url);
  expect(await again.get("greeting")).toBe("hello");
});

test("half_bulk says the length of the whole value, and half of it", async () => {
  await using store = await startStore({ rules: [{ fault: "half_bulk" }] });
  await using redis = client(store.url);
  await redis.set("greeting", "hello");
  await redis.get("greeting").catch(() => {});
  expect(store.transcript.text()).toMatch(/S: \$5\n.*he\b/);
});

test("(whenever) blocks are about commands as redis-cli writes them", async () => {
  const script =
    'dialect: resp\n\n(whenever the 2nd time)\n  C: SET ${key:word} "hello world"\n  S: -ERR not again, ${key}\n(end)\n';
  await using store = await startStore();
  await using redis = client(store.url);
  const takeOut = store.rules.add(script, { on: "DEL", fault: "disconnect" });
  expect(await redis.set("a", "hello world")).toBe("OK");
  await expect(redis.set("b", "hello world")).rejects.toThrow("ERR not again, b");
  expect(await redis.get("b")).toBeNull();
  expect(store.rules.warnings()).toEqual(["rule 2 never fired: disconnect on DEL"]);
  takeOut();
  expect(await redis.del("a")).toBe(1);
});

test("settings that make no sense are refused", async () => {
  await expect(startStore({ rules: [{ fault: "moved", to: "nowhere" }] })).rejects.toThrow(TypeError);
  const slot = { fault: "ask", to: "127.0.0.1:1", slot: 20_000 } as const;
  await expect(startStore({ rules: [slot] })).rejects.toThrow("slot is a number from 0 to 16383");
});
