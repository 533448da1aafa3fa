import type { Floor } from "./floor.ts";
import type { Candle } from "./quotation.ts";
import type { MarketSource } from "./source.ts";

/** All that is known of a market after a batch: where a process begins that comes later. */
export interface BusState {
  /** The batch after which it was so. */
  readonly after: string;
  readonly nowMs: number;
  /** Where the source was, for whoever makes the market next. */
  readonly source: string;
  readonly quotations: readonly QuotationState[];
}

interface QuotationState {
  readonly symbol: string;
  readonly sequence: number;
  readonly timeMs: number;
  readonly day: Candle;
  readonly second: Candle;
  readonly levels: readonly (readonly ["bid" | "ask", price: number, quantity: number])[];
}

/** Write down what is known after a batch. */
export function stateOf(after: string, floor: Floor, source: MarketSource): BusState {
  const quotations = [...floor.quotations.values()].map(
    ({ symbol, sequence, timeMs, day, second, book }): QuotationState => ({
      symbol: symbol.symbol,
      sequence,
      timeMs,
      day,
      second,
      levels: (["bid", "ask"] as const).flatMap((side) =>
        book.levels(side).map(({ price, quantity }) => [side, price, quantity] as const),
      ),
    }),
  );
  return { after, nowMs: floor.nowMs, source: source.save(), quotations };
}

/** Know what was written down. */
export function restoreFloor(floor: Floor, { nowMs, quotations }: BusState): void {
  for (const kept of quotations) {
    const levels = kept.levels.map(([side, price, quantity]) => ({ side, price, quantity }));
    floor.quotations.get(kept.symbol)?.restore({ ...kept, levels });
  }
  floor.publisher.begin(nowMs);
}
