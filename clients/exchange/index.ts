export { ExchangeFailure } from "../../wire/exchange/failure.ts";
export { type Loaded, loadScript, prepare as parseExchange } from "../../wire/exchange/load.ts";
export { ScriptError } from "../../wire/exchange/problem.ts";
export type { DeviationFacts, Outcome } from "../../wire/exchange/trace.ts";
export type { PlayOptions } from "./options.ts";
export { playExchange, tryExchange } from "./play.ts";
export { exchange, type Talk, type Variables } from "./talk.ts";
