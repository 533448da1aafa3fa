import { describe, expect, test } from "vitest";
import { connectBus, type StoreClientOptions } from "../../clients/store/index.ts";
import { openBus, startStore } from "../../servers/store/index.ts";
import { busContract, type BusPair } from "../contracts/bus.ts";
import { needs, scratch } from "../peers/tools.ts";
import { startRedis } from "./redis-server.ts";

describe("the bus of this process", () => {
  busContract(async () => {
    const bus = openBus();
    return { bus, other: bus, [Symbol.asyncDispose]: () => bus.close() };
  });

  test("is kept in a folder when asked", async () => {
    using folder = scratch();
    {
      await using bus = openBus({ folder: folder.path, fsync: "always" });
      await bus.append("inbox", "first");
    }
    await using bus = openBus({ folder: folder.path });
    expect((await bus.range("inbox")).map(({ message }) => message)).toEqual(["first"]);
  });
});

async function over(options: StoreClientOptions, server: AsyncDisposable): Promise<BusPair> {
  const [bus, other] = await Promise.all([connectBus(options), connectBus(options)]);
  return {
    bus,
    other,
    [Symbol.asyncDispose]: async () => {
      await Promise.all([bus.close(), other.close()]);
      await server[Symbol.asyncDispose]();
    },
  };
}

describe("the bus over our store", () => {
  busContract(async () => {
    const store = await startStore({ password: "sesame" });
    return await over({ url: store.url, password: "sesame" }, store);
  });
});

describe("the bus over redis-server", needs("redis-server"), () => {
  busContract(async () => {
    const redis = await startRedis();
    return await over({ url: `redis+unix://${redis.path}` }, redis);
  });
});

describe("connectBus()", () => {
  test("listens again after the store was gone, and calls again", async () => {
    const first = await startStore();
    const { port, url } = first;
    await using bus = await connectBus({ url, retryDelayMs: 5 });
    const heard = Promise.withResolvers<string>();
    await bus.subscribe("news", heard.resolve);
    const waiting = expect(bus.read({ s: "0" })).rejects.toThrow(/CONNECTION_LOST|REPLY_UNEXPECTED/);
    await expect.poll(() => first.transcript.text()).toContain("XREAD");
    await first.close({ graceMs: 0 });
    await waiting;
    await using second = await startStore({ port });
    await expect.poll(() => bus.publish("news", "back").catch(() => 0)).toBe(1);
    expect(await heard.promise).toBe("back");
    expect(second.connections).toBeGreaterThan(0);
  });

  test("says who does not answer, and who does not let us in", async () => {
    const store = await startStore({ password: "sesame" });
    const { url } = store;
    await expect(connectBus({ url, password: "wrong" })).rejects.toThrow(/REPLY_UNEXPECTED .*WRONGPASS/);
    await store.close();
    await expect(connectBus({ url })).rejects.toThrow(/CONNECT_FAILED/);
    await expect(connectBus({ url: "http://127.0.0.1" })).rejects.toThrow(TypeError);
  });
});
