import { expect, test } from "vitest";
import type { Bus } from "../../wire/bus.ts";

/** A bus to test, with a second one on the same store, as another process would have it. */
export interface BusPair extends AsyncDisposable {
  readonly bus: Bus;
  readonly other: Bus;
}

/** What every bus must do. */
export function busContract(open: () => Promise<BusPair>): void {
  test("what is published is heard by all who listen, in order, and by nobody afterwards", async () => {
    await using pair = await open();
    const { bus, other } = pair;
    const heard: string[] = [];
    const last = Promise.withResolvers<void>();
    expect(await bus.publish("news", "too early")).toBe(0);
    const end = await other.subscribe("news", (message) => {
      heard.push(message);
      if (message === "three") last.resolve();
    });
    await bus.subscribe("other news", (message) => heard.push(`wrong: ${message}`));
    for (const message of ["one", "zwei é ✓\0\r\n", "three"])
      expect(await bus.publish("news", message)).toBe(1);
    await last.promise;
    await end();
    await expect.poll(() => bus.publish("news", "too late")).toBe(0);
    expect(heard).toEqual(["one", "zwei é ✓\0\r\n", "three"]);
  });

  test("a stream keeps what was appended, under ids that grow", async () => {
    await using pair = await open();
    const { bus, other } = pair;
    const ids: string[] = [];
    for (let n = 0; n < 20; n++) ids.push(await (n % 2 === 0 ? bus : other).append("s", `message ${n} ✓`));
    expect(new Set(ids).size).toBe(20);
    const all = await bus.range("s");
    expect(all.map(({ id }) => id)).toEqual(ids);
    expect(all[7]!.message).toBe("message 7 ✓");
    expect((await bus.range("s", { after: ids[16]! })).map(({ message }) => message)).toEqual([
      "message 17 ✓",
      "message 18 ✓",
      "message 19 ✓",
    ]);
    expect((await bus.range("s", { count: 2 })).map(({ id }) => id)).toEqual(ids.slice(-2));
    expect((await bus.range("s", { after: ids[0]!, count: 2 })).map(({ id }) => id)).toEqual(ids.slice(1, 3));
    expect((await bus.range("s", { before: ids[2]! })).map(({ id }) => id)).toEqual(ids.slice(0, 2));
    expect((await bus.range("s", { before: ids[9]!, count: 3 })).map(({ id }) => id)).toEqual(
      ids.slice(6, 9),
    );
    expect((await bus.range("s", { after: ids[0]!, before: ids[3]! })).map(({ id }) => id)).toEqual(
      ids.slice(1, 3),
    );
    await bus.append("s", "more", { maxEntries: 5 });
    expect(await bus.range("s")).toHaveLength(5);
    expect(await bus.range("nothing here")).toEqual([]);
  });

  test("a read gives what is there, waits for what is not, and gives up in time", async () => {
    await using pair = await open();
    const { bus, other } = pair;
    const first = await bus.append("a", "1");
    expect(await other.read({ a: "0", b: "0" })).toEqual([{ stream: "a", id: first, message: "1" }]);
    const waiting = [
      other.read({ a: first, b: "0" }),
      other.read({ b: "$" }, { timeoutMs: 10_000 }),
      bus.read({ b: "0" }, { count: 1 }),
    ];
    // Those who wait keep nobody else waiting.
    expect(await other.get("nothing")).toBeUndefined();
    expect(await other.read({ c: "0" }, { timeoutMs: 20 })).toEqual([]);
    const second = await bus.append("b", "2");
    for (const read of waiting) expect(await read).toEqual([{ stream: "b", id: second, message: "2" }]);
    const giveUp = new AbortController();
    const given = bus.read({ c: "0" }, { signal: giveUp.signal });
    giveUp.abort();
    expect(await given).toEqual([]);
    expect(await bus.read({ c: "0" }, { signal: giveUp.signal })).toEqual([]);
  });

  test("keys have values, some for a time; the first who wants a new one has it", async () => {
    await using pair = await open();
    const { bus, other } = pair;
    expect(await bus.get("k")).toBeUndefined();
    expect(await bus.set("k", "välue ✓")).toBe(true);
    expect(await other.get("k")).toBe("välue ✓");
    expect(await other.set("k", "theirs", { isNew: true })).toBe(false);
    expect(await other.remove("k")).toBe(true);
    expect(await other.remove("k")).toBe(false);
    const won = await Promise.all(
      [bus, other].map((one, n) => one.set("lock", String(n), { isNew: true, ttlMs: 40 })),
    );
    expect(won.filter(Boolean)).toHaveLength(1);
    await expect.poll(() => bus.get("lock")).toBeUndefined();
  });

  test("keys and streams are gone when their time is over, unless it began anew", async () => {
    await using pair = await open();
    const { bus, other } = pair;
    expect(await bus.expire("nothing", 10)).toBe(false);
    await bus.set("k", "v", { ttlMs: 40 });
    await bus.append("s", "1");
    expect(await other.expire("k", 60_000)).toBe(true);
    expect(await other.expire("s", 40)).toBe(true);
    await expect.poll(() => bus.range("s")).toEqual([]);
    expect(await bus.get("k")).toBe("v");
    await bus.append("s", "2");
    expect((await bus.range("s")).map(({ message }) => message)).toEqual(["2"]);
    const longer = { isExtension: true };
    expect(await bus.expire("k", 10, longer)).toBe(false);
    expect(await bus.expire("k", 90_000, longer)).toBe(true);
    expect(await bus.expire("s", 90_000, longer)).toBe(false);
    expect(await bus.expire("nothing", 90_000, longer)).toBe(false);
    expect(await bus.expire("k", 10)).toBe(true);
    await expect.poll(() => other.get("k")).toBeUndefined();
  });

  test("many calls at once are answered each with its own", async () => {
    await using pair = await open();
    const { bus } = pair;
    await Promise.all(Array.from({ length: 500 }, (_, n) => bus.set(`key ${n}`, String(n))));
    const values = await Promise.all(Array.from({ length: 500 }, (_, n) => bus.get(`key ${n}`)));
    expect(values).toEqual(Array.from({ length: 500 }, (_, n) => String(n)));
    const long = "x".repeat(300_000);
    await bus.set("long", long);
    expect(await bus.get("long")).toBe(long);
  });

  test("a wrong use is an error with a code, and after the end there are no calls", async () => {
    await using pair = await open();
    const { bus } = pair;
    await bus.set("text", "no stream");
    await expect(bus.append("text", "1")).rejects.toThrow(/REPLY_UNEXPECTED .*WRONGTYPE/);
    const waiting = bus.read({ s: "0" });
    const refused = expect(waiting).rejects.toThrow();
    await bus.close();
    await refused;
    await bus.close();
  });
}
