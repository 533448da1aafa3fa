import type { MarketEvent } from "./market-event.ts";
import { Market, type MarketOptions, type MarketState } from "./market.ts";
import type { TickerSymbol } from "./symbols.ts";

/** Where the events of a ticker come from: markets that are made up, a tape, or another process. */
export interface MarketSource {
  readonly symbols: readonly TickerSymbol[];
  /** When it begins, in milliseconds since the epoch. */
  readonly opensAtMs: number;
  /** What happened up to this moment and was not told before, in order. */
  advance(toMs: number): MarketEvent[];
  /** Where it is, as text, to go on from there later: also in another process that has the same source. */
  save(): string;
  restore(saved: string): void;
}

/** Markets of a seed. However the time is cut into steps, the events and their order are the same. */
export function seededMarkets(symbols: readonly TickerSymbol[], options: MarketOptions): MarketSource {
  const markets = symbols.map((symbol) => new Market(symbol, options));
  return {
    symbols,
    opensAtMs: options.opensAtMs,
    advance: (toMs) => {
      const events: MarketEvent[] = [];
      for (const market of markets) while (market.nextAtMs <= toMs) events.push(market.next());
      // Sorting is stable: what happens in the same millisecond is in the order of the symbols.
      return events.sort((one, other) => one.timeMs - other.timeMs);
    },
    save: () => JSON.stringify(markets.map((market) => market.save())),
    restore: (saved) => {
      const states = JSON.parse(saved) as readonly MarketState[];
      for (const [index, state] of states.entries()) markets[index]?.restore(state);
    },
  };
}
