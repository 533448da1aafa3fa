import type { Bus } from "../../../wire/bus.ts";
import { resolveWebSocketOptions, type ResolvedWebSocketOptions, type WebSocketOptions } from "../options.ts";
import type { TickerFault } from "./faults.ts";
import type { ReaderLimits } from "./reader.ts";
import { resolveSymbols, type SymbolOptions, type TickerSymbol, usualSymbols } from "./symbols.ts";

/** How to start a ticker. Every field may be left out. */
export interface TickerOptions extends WebSocketOptions {
  /** What is traded: names, or names with their first price. @default twelve well-known ones */
  readonly symbols?: readonly (string | SymbolOptions)[];
  /** Seeds the market, and what is random in rules: the same seed, the same bytes. @default 1 */
  readonly seed?: number;
  /** When the market opens, in milliseconds since the epoch. @default 1_767_225_600_000: the first of January 2026 */
  readonly opensAtMs?: number;
  /** How long the market has been open when the server starts, in milliseconds. @default 0 */
  readonly historyMs?: number;
  /** Orders each second, for each symbol, on average; at most 500. @default 20 */
  readonly ordersPerSecond?: number;
  /** How fast the market's clock goes: 2 is twice as fast; at most 1,000. @default 1 */
  readonly speed?: number;
  /** `running` goes by itself; `stepped` stands still, and goes on by `step`. @default "running" */
  readonly clock?: "running" | "stepped";
  /** Plays this tape, the text that `onTape` wrote, in place of a market of its own. @default none */
  readonly tape?: string;
  /** Is given every line of a tape of all that happens, to be kept. @default none */
  readonly onTape?: (line: string) => void;
  /** While more than this waits for a reader, only the latest quotes are kept for it. @default 65_536 */
  readonly quoteBufferBytes?: number;
  /** How long a reader may be slow before it is closed with 1008. @default 10_000 */
  readonly slowReaderTimeoutMs?: number;
  /** Faults from the beginning. @default [] */
  readonly faults?: readonly TickerFault[];
  /**
   * Shares one market with every other ticker on this bus: one of them makes it, all tell it, and when that one is gone
   * another one goes on. The bus stays the caller's. @default none
   */
  readonly bus?: Bus;
  /** What the market is called on the bus. @default "ticker" */
  readonly busName?: string;
}

type Optional = "tape" | "onTape" | "bus";
type Own = Omit<TickerOptions, keyof WebSocketOptions | Optional | "symbols">;

/** The options with everything filled in that has a default. */
export interface ResolvedTickerOptions extends Required<Own>, ReaderLimits, Pick<TickerOptions, Optional> {
  readonly symbols: readonly TickerSymbol[];
  readonly seed: number;
  readonly webSocket: ResolvedWebSocketOptions;
}

export const tickerDefaults: Required<Own> & { readonly seed: number } = {
  seed: 1,
  opensAtMs: 1_767_225_600_000,
  historyMs: 0,
  ordersPerSecond: 20,
  speed: 1,
  clock: "running",
  quoteBufferBytes: 65_536,
  slowReaderTimeoutMs: 10_000,
  faults: [],
  busName: "ticker",
};

/**
 * The options merged with the defaults.
 * @throws TypeError for a value that cannot be
 */
export function resolveTickerOptions(options: TickerOptions): ResolvedTickerOptions {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const merged = { ...tickerDefaults, ...(given as TickerOptions) };
  const webSocket = resolveWebSocketOptions({ seed: merged.seed, ...given });
  const bounds: readonly (readonly [keyof typeof tickerDefaults, low: number, high: number])[] = [
    ["ordersPerSecond", 0.01, 500],
    ["speed", 0.001, 1_000],
    ["opensAtMs", 0, 8e15],
    ["historyMs", 0, 86_400_000],
    ["seed", 0, Number.MAX_SAFE_INTEGER],
  ];
  for (const [name, low, high] of bounds) {
    const value = Number(merged[name]);
    if (!(value >= low && value <= high))
      throw new TypeError(`startTicker: ${name} must be ${low} to ${high}, got ${value}`);
  }
  return {
    ...merged,
    symbols: resolveSymbols(options.symbols ?? usualSymbols),
    maxBufferedBytes: webSocket.maxBufferedBytes,
    webSocket,
  };
}
