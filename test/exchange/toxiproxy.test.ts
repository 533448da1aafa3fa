import { once } from "node:events";
import { connect, createServer } from "node:net";
import { type ICreateToxicBody, Toxiproxy } from "toxiproxy-node-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startToxiproxy, type Toxiproxy as Api } from "../../servers/exchange/index.ts";

/** Sends back what it hears, and ends when the client does. */
const echo = createServer({ allowHalfOpen: true }, (socket) => socket.on("error", () => {}).pipe(socket));
let upstream = "";
let api: Api;
let client: Toxiproxy;

beforeAll(async () => {
  echo.listen(0, "127.0.0.1");
  await once(echo, "listening");
  upstream = `127.0.0.1:${(echo.address() as { port: number }).port}`;
  api = await startToxiproxy();
  client = new Toxiproxy(api.url);
});

afterAll(async () => {
  await api.close();
  echo.close();
});

let count = 0;

async function proxyOf(): Promise<Awaited<ReturnType<Toxiproxy["createProxy"]>>> {
  return await client.createProxy({ name: `echo-${++count}`, listen: "127.0.0.1:0", upstream });
}

interface Visit {
  readonly text: string;
  readonly chunks: number;
  readonly ms: number;
  readonly firstMs: number;
  readonly error: string | undefined;
}

/** Say something, end, and hear everything until the other side ends. */
async function visit(listen: string, said: string | Buffer = "hello"): Promise<Visit> {
  const startMs = performance.now();
  const socket = connect({ port: Number(listen.split(":").at(-1)), host: "127.0.0.1", allowHalfOpen: true });
  const chunks: Buffer[] = [];
  let firstMs = 0;
  let error: string | undefined;
  socket.on("data", (bytes) => {
    firstMs ||= performance.now() - startMs;
    chunks.push(bytes);
  });
  socket.on("error", (cause: NodeJS.ErrnoException) => (error = cause.code));
  socket.on("end", () => socket.end());
  socket.end(said);
  await new Promise((resolve) => socket.once("close", resolve));
  const ms = performance.now() - startMs;
  return { text: Buffer.concat(chunks).toString(), chunks: chunks.length, ms, firstMs, error };
}

type Toxic = Omit<ICreateToxicBody<object>, "name"> & { readonly name?: string };

async function withToxic(toxic: Toxic, said?: string | Buffer): Promise<Visit> {
  const proxy = await proxyOf();
  await proxy.addToxic({ name: "", ...toxic });
  const seen = await visit(proxy.listen, said);
  await proxy.remove();
  return seen;
}

describe("toxiproxy-node-client works unmodified:", () => {
  test("proxies are made, listed, switched off and on, and removed", async () => {
    const proxy = await proxyOf();
    expect(proxy.listen).toMatch(/^127\.0\.0\.1:\d+$/);
    expect((await visit(proxy.listen)).text).toBe("hello");
    expect(Object.keys(await client.getAll())).toContain(proxy.name);
    const off = await proxy.update({ ...proxy.toJson(), enabled: false });
    expect(off.enabled).toBe(false);
    expect((await visit(proxy.listen)).error).toBe("ECONNREFUSED");
    const on = await proxy.update({ ...proxy.toJson(), enabled: true });
    expect([on.enabled, on.listen]).toEqual([true, proxy.listen]);
    expect((await visit(proxy.listen)).text).toBe("hello");
    await proxy.remove();
    await expect(client.get(proxy.name)).rejects.toThrow(/404/);
    expect(await client.getVersion()).toMatch(/"version":"2\./);
  });

  test("populate() makes many at once, and leaves alone what is as wanted", async () => {
    const names = ["one", "two"];
    const wanted = names.map((name) => ({ name, listen: "127.0.0.1:0", upstream, enabled: true }));
    const made = await client.populate(wanted);
    expect(Object.keys(made)).toEqual(names);
    const again = await client.populate(Object.values(made).map((proxy) => proxy.toJson()));
    expect(again["one"]?.listen).toBe(made["one"]?.listen);
    for (const proxy of Object.values(made)) await proxy.remove();
  });

  test("reset() takes all toxics out and switches all proxies on", async () => {
    const proxy = await proxyOf();
    await proxy.addToxic({
      name: "t",
      type: "timeout",
      stream: "downstream",
      toxicity: 1,
      attributes: { timeout: 0 },
    });
    await proxy.update({ ...proxy.toJson(), enabled: false });
    await client.reset();
    expect((await visit(proxy.listen)).text).toBe("hello");
    await expect(proxy.getToxic("t")).rejects.toThrow(/404/);
    await proxy.remove();
  });

  test("what makes no sense is refused", async () => {
    const proxy = await proxyOf();
    const wrong = { name: "w", type: "explode", stream: "downstream", toxicity: 1, attributes: {} };
    await expect(proxy.addToxic(wrong as never)).rejects.toThrow(/400/);
    await expect(client.createProxy({ name: proxy.name, listen: "127.0.0.1:0", upstream })).rejects.toThrow(
      /409/,
    );
    await expect(client.createProxy({ name: "no", listen: "x", upstream })).rejects.toThrow(/400/);
    const browser = await fetch(`${api.url}/proxies`, { headers: { "user-agent": "Mozilla/5.0" } });
    expect(browser.status).toBe(403);
    await proxy.remove();
  });
});

describe("toxics, seen by the client of the proxy:", () => {
  test.each(["upstream", "downstream"] as const)("latency %s", async (stream) => {
    const seen = await withToxic({
      type: "latency",
      stream,
      toxicity: 1,
      attributes: { latency: 120, jitter: 20 },
    });
    expect(seen.text).toBe("hello");
    expect(seen.firstMs).toBeGreaterThan(99);
    expect(seen.firstMs).toBeLessThan(1_000);
  });

  test.each(["upstream", "downstream"] as const)("bandwidth %s", async (stream) => {
    const said = Buffer.alloc(20_000, "x");
    const seen = await withToxic({ type: "bandwidth", stream, toxicity: 1, attributes: { rate: 50 } }, said);
    expect(seen.text).toHaveLength(20_000);
    // 20 kB at 50 kB a second.
    expect(seen.ms).toBeGreaterThan(380);
    expect(seen.ms).toBeLessThan(2_000);
  });

  test.each(["upstream", "downstream"] as const)("slow_close %s", async (stream) => {
    const seen = await withToxic({ type: "slow_close", stream, toxicity: 1, attributes: { delay: 150 } });
    expect(seen.text).toBe("hello");
    expect(seen.firstMs).toBeLessThan(140);
    expect(seen.ms).toBeGreaterThan(145);
  });

  test.each(["upstream", "downstream"] as const)("timeout %s", async (stream) => {
    const seen = await withToxic({ type: "timeout", stream, toxicity: 1, attributes: { timeout: 100 } });
    expect(seen).toMatchObject({ text: "", error: undefined });
    expect(seen.ms).toBeGreaterThan(95);
  });

  test.each(["upstream", "downstream"] as const)("reset_peer %s", async (stream) => {
    const seen = await withToxic({ type: "reset_peer", stream, toxicity: 1, attributes: { timeout: 50 } });
    expect(seen).toMatchObject({ text: "", error: "ECONNRESET" });
  });

  test.each(["upstream", "downstream"] as const)("slicer %s", async (stream) => {
    const attributes = { average_size: 100, size_variation: 20, delay: 1_000 };
    const seen = await withToxic({ type: "slicer", stream, toxicity: 1, attributes }, "y".repeat(2_000));
    expect(seen.text).toBe("y".repeat(2_000));
    // About 20 slices with a millisecond before each.
    expect(seen.ms).toBeGreaterThan(15);
  });

  test.each(["upstream", "downstream"] as const)("limit_data %s", async (stream) => {
    const seen = await withToxic(
      { type: "limit_data", stream, toxicity: 1, attributes: { bytes: 1_234 } },
      "z".repeat(5_000),
    );
    expect(seen.text).toBe("z".repeat(1_234));
  });

  test("toxicity is the part of the connections", async () => {
    const proxy = await proxyOf();
    await proxy.addToxic({
      name: "half",
      type: "limit_data",
      stream: "downstream",
      toxicity: 0.5,
      attributes: { bytes: 1 },
    });
    const texts: string[] = [];
    for (let n = 0; n < 40; n++) texts.push((await visit(proxy.listen)).text);
    const cut = texts.filter((text) => text === "h").length;
    expect(texts.filter((text) => text === "hello")).toHaveLength(40 - cut);
    expect(cut).toBeGreaterThan(8);
    expect(cut).toBeLessThan(32);
    await proxy.remove();
  });

  test("a toxic comes, changes and goes on an open connection", async () => {
    const proxy = await proxyOf();
    const socket = connect({ port: Number(proxy.listen.split(":").at(-1)), host: "127.0.0.1" });
    await once(socket, "connect");
    const ask = async (): Promise<number> => {
      const startMs = performance.now();
      socket.write("x");
      await once(socket, "data");
      return performance.now() - startMs;
    };
    expect(await ask()).toBeLessThan(90);
    const toxic = await proxy.addToxic({
      name: "slow",
      type: "latency",
      stream: "downstream",
      toxicity: 1,
      attributes: { latency: 100, jitter: 0 },
    });
    expect(await ask()).toBeGreaterThan(95);
    const slower = await toxic.update({ attributes: { latency: 200, jitter: 0 } } as never);
    expect(slower.attributes).toEqual({ latency: 200, jitter: 0 });
    expect(await ask()).toBeGreaterThan(195);
    await slower.remove();
    expect(await ask()).toBeLessThan(90);
    socket.destroy();
    await proxy.remove();
  });
});
