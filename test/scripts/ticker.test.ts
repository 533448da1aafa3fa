import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { connectTicker } from "portside/clients/websocket";
import { scratch } from "../peers/tools.ts";
import { run, type Spawned } from "./spawned.ts";

type Ready = Readonly<Record<"page" | "stream" | "rest", string>>;

async function readyOf(server: Spawned): Promise<Ready> {
  return JSON.parse(await server.said("stdout", /^.*\n/)) as Ready;
}

describe("npm run ticker", () => {
  test("says its addresses as one JSON object, tells the market of its seed, and closes on SIGTERM", async () => {
    const asked = ["--listen", ":0", "--json", "--symbols", "teaeur,BTCUSDT", "--seed", "7"];
    await using server = run("ticker", asked);
    const { page, stream, rest } = await readyOf(server);
    expect({ page, stream, rest }).toEqual({
      page: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/$/),
      stream: expect.stringMatching(/^ws:\/\/127\.0\.0\.1:\d+\/stream$/),
      rest: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    });
    expect(await (await fetch(page)).text()).toContain("<!doctype html>");
    const info = (await (await fetch(`${rest}/api/v3/exchangeInfo`)).json()) as {
      symbols: { symbol: string }[];
    };
    expect(info.symbols.map(({ symbol }) => symbol)).toEqual(["TEAEUR", "BTCUSDT"]);
    await using client = await connectTicker(stream.replace("/stream", "/feed"), { symbols: ["TEAEUR"] });
    // Two minutes of market are there before anybody comes.
    expect((await client.waitForBook("TEAEUR")).sequence).toBeGreaterThan(1_000);
    await client.close();
    server.signal("SIGTERM");
    expect(await server.ended).toBe(0);
    expect(server.stderr).toBe("");
  });

  test("--watch shows the trades of a running ticker in a pipe, and its messages with --json", async () => {
    await using server = run("ticker", ["--listen", ":0", "--json", "--speed", "20"]);
    const url = (await readyOf(server)).stream.replace("/stream", "/feed");
    await using lines = run("ticker", ["--watch", "ethusdt", "--url", url]);
    await lines.said(
      "stdout",
      /^\d\d:\d\d:\d\d\.\d{3} (?:buy |sell) +[\d.]+ at [\d.]+ {3}bid [\d.]+ {3}ask [\d.]+\n/,
    );
    await using json = run("ticker", ["--watch", "ETHUSDT", "--url", url, "--json"]);
    await json.said("stdout", /\{"type":"snapshot","symbol":"ETHUSDT".*\n/);
    lines.signal("SIGINT");
    expect(await lines.ended).toBe(0);
  });

  test("--watch says what the ticker says of a symbol that it does not have", async () => {
    await using server = run("ticker", ["--listen", ":0", "--json"]);
    const url = (await readyOf(server)).stream.replace("/stream", "/feed");
    await using watcher = run("ticker", ["--watch", "NOTHING", "--url", url]);
    expect(await watcher.ended).toBe(1);
    expect(watcher.stderr).toMatch(/^portside ticker: the ticker says: symbols must be a list of BTCUSDT, /);
  });

  test("--replay plays what --record wrote down", async () => {
    using folder = scratch();
    const tape = join(folder.path, "a.tape");
    await using first = run("ticker", ["--listen", ":0", "--json", "--symbols", "BTCUSDT", "--record", tape]);
    await readyOf(first);
    first.signal("SIGTERM");
    expect(await first.ended).toBe(0);
    expect(readFileSync(tape, "utf8").split("\n").length).toBeGreaterThan(1_000);
    const [, sequence] = JSON.parse(readFileSync(tape, "utf8").trimEnd().split("\n").at(-1) ?? "") as [
      string,
      number,
    ];
    await using second = run("ticker", ["--listen", ":0", "--json", "--replay", tape, "--speed", "1000"]);
    const url = (await readyOf(second)).stream.replace("/stream", "/feed");
    await using client = await connectTicker(url, { symbols: ["BTCUSDT"] });
    expect((await client.waitForBook("BTCUSDT", { sequence, timeoutMs: 20_000 })).sequence).toBe(sequence);
  });

  test.each([
    [["--speed", "0"], /^portside ticker: --speed is "0"; give a number above 0/],
    [["--symbols", "a-b"], /^portside ticker: startTicker: the symbol "A-B" is not/],
    [
      ["--replay", "/nowhere.tape"],
      /^portside ticker: --replay is "\/nowhere\.tape", but there is no such file/,
    ],
    [
      ["--record", "/nowhere/a.tape"],
      /^portside ticker: --record is "\/nowhere\/a\.tape", but it cannot be written/,
    ],
    [["--bus", "redis://127.0.0.1:1"], /^portside ticker: .*127\.0\.0\.1:1/],
  ])("%j ends with 1 and one sentence", async (args, sentence) => {
    await using server = run("ticker", ["--listen", ":0", ...args]);
    expect(await server.ended).toBe(1);
    expect(server.stderr).toMatch(sentence);
    expect(server.stderr.trimEnd()).not.toContain("\n");
  });
});
