/**
 * A market as a text file that can be kept and played again: a line that says what is traded, then a line for each
 * event.
 *
 *     {"tape":"portside ticker","version":1,"opensAtMs":1767225600000,"symbols":[…]}
 *     ["BTCUSDT",2,1767225600031,[["b",6424999,1200]],[[1,6425001,300,0]]]
 *       symbol   sequence  time   levels: side, ticks, lots    trades: id, ticks, lots, buyer is maker
 */
import { WireError } from "../../../wire/errors.ts";
import type { MarketEvent } from "./market-event.ts";
import type { MarketSource } from "./source.ts";
import type { TickerSymbol } from "./symbols.ts";

/** The first line of a tape, without its line end. */
export function tapeHead({ opensAtMs, symbols }: Pick<MarketSource, "opensAtMs" | "symbols">): string {
  return JSON.stringify({ tape: "portside ticker", version: 1, opensAtMs, symbols });
}

/** One event as a line of a tape, without its line end. */
export function tapeLine({ symbol, sequence, timeMs, changes, trades }: MarketEvent): string {
  return JSON.stringify([
    symbol,
    sequence,
    timeMs,
    changes.map(({ side, price, quantity }) => [side === "bid" ? "b" : "a", price, quantity]),
    trades.map(({ id, price, quantity, isBuyerMaker }) => [id, price, quantity, isBuyerMaker ? 1 : 0]),
  ]);
}

/** @throws WireError PROTOCOL_VIOLATION for a line that is no event */
export function readTapeLine(line: string): MarketEvent {
  const [symbol, sequence, timeMs, changes, trades] = parsed(line, isEventLine);
  return {
    symbol,
    sequence,
    timeMs,
    changes: changes.map(([side, price, quantity]) => ({
      side: side === "b" ? "bid" : "ask",
      price,
      quantity,
    })),
    trades: trades.map(([id, price, quantity, maker]) => ({
      id,
      price,
      quantity,
      isBuyerMaker: maker === 1,
    })),
  };
}

/**
 * The market of a tape. Its events come when they came then.
 * @throws WireError PROTOCOL_VIOLATION for a text that is no tape
 */
export function replayTape(text: string): MarketSource {
  const [first = "", ...lines] = text.split("\n").filter((line) => line !== "");
  const { opensAtMs, symbols } = parsed(first, isHead);
  const events = lines.map(readTapeLine);
  let played = 0;
  return {
    symbols,
    opensAtMs,
    advance: (toMs) => {
      const from = played;
      while (played < events.length && events[played]!.timeMs <= toMs) played++;
      return events.slice(from, played);
    },
    save: () => String(played),
    restore: (saved) => {
      played = Number(saved);
    },
  };
}

interface Head {
  readonly tape: "portside ticker";
  readonly version: 1;
  readonly opensAtMs: number;
  readonly symbols: readonly TickerSymbol[];
}

type EventLine = readonly [
  symbol: string,
  sequence: number,
  timeMs: number,
  changes: readonly (readonly ["b" | "a", price: number, quantity: number])[],
  trades: readonly (readonly [id: number, price: number, quantity: number, maker: 0 | 1])[],
];

function parsed<Line>(line: string, isLine: (value: unknown) => value is Line): Line {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    value = undefined;
  }
  if (isLine(value)) return value;
  throw new WireError("PROTOCOL_VIOLATION", `a tape of the ticker has the line ${line.slice(0, 80)}`);
}

function isHead(value: unknown): value is Head {
  const head = value as Partial<Head> | undefined;
  return (
    head?.tape === "portside ticker" &&
    head.version === 1 &&
    Number.isSafeInteger(head.opensAtMs) &&
    Array.isArray(head.symbols) &&
    head.symbols.length > 0
  );
}

function isEventLine(value: unknown): value is EventLine {
  if (!Array.isArray(value) || value.length !== 5 || typeof value[0] !== "string") return false;
  const [, sequence, timeMs, changes, trades] = value as unknown[];
  if (!isCount(sequence) || !isCount(timeMs) || !Array.isArray(changes) || !Array.isArray(trades))
    return false;
  return (
    changes.every(
      (change) =>
        Array.isArray(change) && (change[0] === "b" || change[0] === "a") && change.slice(1).every(isCount),
    ) && trades.every((trade) => Array.isArray(trade) && trade.length === 4 && trade.every(isCount))
  );
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
