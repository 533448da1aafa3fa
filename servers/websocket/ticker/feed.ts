import type { MarketEvent } from "./market-event.ts";
import type { MarketSource } from "./source.ts";

/** Told what happened up to a moment of the market. */
export type Tell = (events: readonly MarketEvent[], toMs: number) => void;

/** Lets a market go on, and tells what happens in it. */
export interface Feed {
  /** Whether this process makes the market, so that its clock can be moved here. */
  readonly isLeading: boolean;
  /** Let the market go on to a moment. */
  advance(toMs: number): Promise<void>;
  close(): Promise<void>;
}

/** A market that only this process knows. What happens is told before `advance` returns. */
export function ownFeed(source: MarketSource, tell: Tell): Feed {
  return {
    isLeading: true,
    advance: (toMs) => {
      tell(source.advance(toMs), toMs);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}
