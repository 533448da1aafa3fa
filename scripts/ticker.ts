import { createWriteStream } from "node:fs";
import { connectBus } from "../clients/store/index.ts";
import { startTicker, type TickerOptions } from "../servers/websocket/index.ts";
import { certificateFlags, keyedCertificate } from "./command-line/certificate.ts";
import { readNamedFile } from "./command-line/files.ts";
import { CommandError, listenAddress, text, value, values, wholeNumber } from "./command-line/flags.ts";
import { given } from "./command-line/given.ts";
import { ruleFlags } from "./command-line/rules.ts";
import { command, main, type OptionsOf } from "./command-line.ts";
import { serve, serveFlags, type Service } from "./serve.ts";
import { watchTicker } from "./ticker/watch.ts";

const flags = {
  listen: value({ argument: "[ip]:port", help: "where to listen; default 127.0.0.1:8068" }, listenAddress),
  symbols: values(
    { argument: "NAME,NAME", help: "what is traded; default twelve well-known ones" },
    symbolList,
  ),
  seed: value({ argument: "NUMBER", help: "of the market: the same number, the same prices" }, wholeNumber),
  speed: value({ argument: "FACTOR", help: "of the market's clock: 10 is ten times as fast" }, factor),
  orders: value({ argument: "NUMBER", help: "that come each second for each symbol; default 20" }, factor),
  record: value({ argument: "FILE", help: "write down all that happens, to be played again" }, text),
  replay: value({ argument: "FILE", help: "play what was written down, in place of a new market" }, text),
  bus: value({ argument: "redis://…", help: "share one market with every ticker on this Redis" }, text),
  ...certificateFlags,
  rules: ruleFlags.rules,
  watch: value(
    { argument: "SYMBOL", help: "show a symbol of a running ticker in this terminal; --url says which" },
    text,
  ),
  url: value({ argument: "ws://…", help: "of the ticker to watch; default ws://127.0.0.1:8068/feed" }, text),
  ...serveFlags,
} as const;

/** `npm run ticker`: the quotes ticker. */
export const ticker = command({
  name: "ticker",
  summary: "a quotes ticker: a seeded market with a page, WebSocket streams and REST",
  flags,
  examples: [
    "portside ticker --symbols BTCUSDT,ETHUSDT --seed 7 --speed 10",
    "portside ticker --record monday.tape",
    "portside ticker --watch BTCUSDT",
  ],
  run: (options) => {
    const { watch, url = "ws://127.0.0.1:8068/feed", json } = options;
    return watch === undefined
      ? serve(() => startQuotes(options), options)
      : watchTicker(url, watch.toUpperCase(), { isJson: json, out: process.stdout });
  },
});

const usual = { host: "127.0.0.1", port: 8068 };

/** Two minutes of market before anybody looks, so that there is something to see. */
const historyMs = 120_000;

/** What of the flags is for the server. */
export type QuoteFlags = Partial<
  Pick<
    OptionsOf<typeof flags>,
    | "listen"
    | "symbols"
    | "seed"
    | "speed"
    | "orders"
    | "record"
    | "replay"
    | "bus"
    | "tlsCert"
    | "tlsKey"
    | "rules"
  >
>;

/** Start the ticker at its usual place, or where it is asked to. */
export async function startQuotes(flags: QuoteFlags): Promise<Service> {
  const {
    listen = usual,
    symbols = [],
    seed,
    speed,
    orders,
    record,
    replay,
    bus: busUrl,
    tlsCert,
    tlsKey,
    rules = [],
  } = flags;
  const tls = await keyedCertificate({ tlsCert, tlsKey });
  const tape = replay === undefined ? undefined : (await readNamedFile(replay, "--replay")).toString();
  const recording = record === undefined ? undefined : await openTape(record);
  const bus = busUrl === undefined ? undefined : await connectBus({ url: busUrl });
  const options: TickerOptions = {
    ...listen,
    ...given({ seed, speed, ordersPerSecond: orders, tape, bus, tls }),
    ...(symbols.length > 0 && { symbols: symbols.flat() }),
    ...(recording && { onTape: (line: string) => recording.write(`${line}\n`) }),
    historyMs: tape === undefined ? historyMs : 0,
    rules,
  };
  const release = async (): Promise<void> => {
    recording?.end();
    await bus?.close();
  };
  let server: Awaited<ReturnType<typeof startTicker>>;
  try {
    server = await startTicker(options);
  } catch (error) {
    await release();
    throw error;
  }
  const [symbol = ""] = server.symbols;
  return {
    ready: { page: `${server.url}/`, stream: server.streamUrl, rest: server.url },
    facts: [
      ["Ticker", `${server.url}/   ${server.symbols.length} symbols, with a page`],
      ["Streams", `${server.streamUrl}   the exchange's dialect; ${server.feedUrl} the simple one`],
      ["REST", `${server.url}/api/v3/depth?symbol=${symbol}`],
      ...(record === undefined ? [] : [["Recorded", record] as const]),
    ],
    tries: [
      `curl '${server.url}/api/v3/depth?symbol=${symbol}&limit=5'`,
      `npm run ticker -- --watch ${symbol} --url ${server.feedUrl}`,
    ],
    transcripts: [server.transcript],
    rules: [server.rules],
    close: async (closing) => {
      await server.close(closing);
      await release();
    },
  };
}

async function openTape(file: string): Promise<ReturnType<typeof createWriteStream>> {
  const tape = createWriteStream(file);
  await new Promise<void>((resolve, reject) => {
    tape.once("open", () => resolve());
    tape.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        new CommandError(`--record is "${file}", but it cannot be written (${error.code ?? error.message})`),
      ),
    );
  });
  return tape;
}

function symbolList(given: string): readonly string[] {
  return given.toUpperCase().split(",").filter(Boolean);
}

/** A number above 0. */
function factor(given: string, name: string): number {
  const number = Number(given);
  if (given.trim() === "" || !(number > 0) || number === Infinity)
    throw new CommandError(`${name} is "${given}"; give a number above 0, such as 0.5 or 10`);
  return number;
}

if (import.meta.main) await main(ticker);
