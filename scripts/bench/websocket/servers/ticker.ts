import { startTicker } from "../../../../servers/websocket/index.ts";
import { answerBench } from "../../child.ts";
import { benchSymbols } from "../ticker-market.ts";

/** How far the market goes on. */
export interface StepRequest {
  readonly stepMs: number;
}

/* The ticker as a user gets it, with a clock that the bench moves, and without pings, which the load does not answer. */
const ticker = await startTicker({ symbols: benchSymbols, clock: "stepped", pingIntervalMs: 0 });
answerBench({ port: ticker.port }, async ({ stepMs }: StepRequest) => {
  const before = ticker.counters.published;
  await ticker.step(stepMs);
  return { messages: ticker.counters.published - before };
});
