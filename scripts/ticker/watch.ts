import { styleText } from "node:util";
import { connectTicker, type KeptBook, type TickerClient } from "../../clients/websocket/index.ts";
import { CommandError } from "../command-line/flags.ts";

/** Where it is shown. */
interface WatchOptions {
  /** Every message as a line of JSON. */
  readonly isJson: boolean;
  readonly out: NodeJS.WriteStream;
}

/** Levels of each side that fit a small terminal. */
const shownLevels = 10;
const redrawMs = 100;

/**
 * Show a symbol in the terminal until Ctrl-C or the end of the ticker: its book, drawn anew ten times a second, or in a
 * pipe a line for each trade.
 * @returns the exit code
 */
export async function watchTicker(
  url: string,
  symbol: string,
  { isJson, out }: WatchOptions,
): Promise<number> {
  const ticker = await connectTicker(url, { symbols: [symbol], channels: ["book", "trades"] });
  const leave = (): void => void ticker.close();
  process.once("SIGINT", leave).once("SIGTERM", leave);
  // A reader such as head that goes away ends the show.
  out.once("error", leave);
  let last = "";
  const draw =
    out.isTTY && !isJson ? setInterval(() => out.write(screen(ticker, symbol, last)), redrawMs) : undefined;
  try {
    for await (const news of ticker) {
      if (news.type === "error") throw new CommandError(`the ticker says: ${news.message}`);
      if (isJson) out.write(`${JSON.stringify(news)}\n`);
      else if (news.type === "trade") {
        last = `${news.price} ${news.side === "buy" ? "▲" : "▼"}`;
        if (draw === undefined) out.write(`${tradeLine(news, ticker.book(symbol))}\n`);
      } else if (news.type === "lost" && draw === undefined) out.write(`lost: ${news.why}\n`);
    }
  } finally {
    clearInterval(draw);
    await ticker.close();
  }
  if (ticker.failure) throw ticker.failure;
  return 0;
}

function tradeLine(
  { timeMs, side, quantity, price }: { timeMs: number; side: string; quantity: string; price: string },
  { bids, asks }: KeptBook,
): string {
  const time = new Date(timeMs).toISOString().slice(11, 23);
  return `${time} ${side.padEnd(4)} ${quantity.padStart(12)} at ${price}   bid ${bids[0]?.[0] ?? "-"}   ask ${asks[0]?.[0] ?? "-"}`;
}

/** The book as a ladder: asks above, bids below, bars for how much there is. */
function screen(ticker: TickerClient, symbol: string, last: string): string {
  const { bids, asks, isRight, sequence, checksum } = ticker.book(symbol);
  const shown = [...asks.slice(0, shownLevels), ...bids.slice(0, shownLevels)];
  const most = Math.max(...shown.map(([, quantity]) => Number(quantity)), Number.MIN_VALUE);
  const width = Math.max(...shown.map(([price]) => price.length), 0);
  const row = (colour: "red" | "green", [price, quantity]: readonly [string, string]): string => {
    const bar = "█".repeat(Math.max(1, Math.round((Number(quantity) / most) * 24)));
    return `  ${styleText(colour, price.padStart(width))}  ${quantity.padStart(14)}  ${styleText(colour, bar)}`;
  };
  const state = isRight
    ? `${styleText("green", "in step")} at ${sequence}  ${checksum}`
    : styleText("red", "asking anew");
  const lines = [
    `  ${styleText("bold", symbol)}  ${last}`,
    "",
    ...asks
      .slice(0, shownLevels)
      .toReversed()
      .map((level) => row("red", level)),
    "",
    ...bids.slice(0, shownLevels).map((level) => row("green", level)),
    "",
    `  ${ticker.isOpen ? state : "connecting"}`,
  ];
  // Home, each line to its end, and what is left below.
  return `\u001B[H${lines.map((line) => `${line}\u001B[K`).join("\n")}\u001B[J`;
}
