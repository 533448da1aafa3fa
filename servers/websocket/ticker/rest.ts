import { klineRow, depthText, symbolInfo, tradeRow } from "./exchange-dialect.ts";
import { decimalOf } from "../../../wire/decimal.ts";
import type { Floor } from "./floor.ts";
import type { Quotation } from "./quotation.ts";

/** What the REST interface refuses, as the exchange says it. */
class Refusal extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

type Answer = (floor: Floor, query: URLSearchParams) => unknown;

/** The market data of the exchange's REST interface; whatever needs an account is not here. */
const answers: Readonly<Record<string, Answer>> = {
  ping: () => ({}),
  time: (floor) => ({ serverTime: floor.nowMs }),
  exchangeInfo: (floor, query) => ({
    timezone: "UTC",
    serverTime: floor.nowMs,
    rateLimits: [],
    exchangeFilters: [],
    symbols: asked(floor, query).map(({ symbol }) => symbolInfo(symbol)),
  }),
  depth: (floor, query) => {
    const quotation = one(floor, query);
    const { book, sequence } = quotation.seen(floor.restFaults.staleness(quotation.symbol.symbol));
    return new Text(depthText(quotation.symbol, book, sequence, limitOf(query, 100, 5_000)));
  },
  trades: (floor, query) => {
    const quotation = one(floor, query);
    const newest = quotation.trades.slice(-limitOf(query, 500, 500));
    return newest.map((trade) => tradeRow(quotation.symbol, trade));
  },
  klines: (floor, query) => {
    const quotation = one(floor, query);
    if (query.get("interval") !== "1s") throw new Refusal(-1_120, "Invalid interval; here it is 1s.");
    return [...quotation.candles, quotation.second]
      .slice(-limitOf(query, 500, 500))
      .map((candle) => klineRow(quotation.symbol, candle));
  },
  "ticker/price": (floor, query) =>
    oneOrAll(floor, query, ({ symbol, last }) => ({
      symbol: symbol.symbol,
      price: decimalOf(last, symbol.priceDecimals),
    })),
  "ticker/bookTicker": (floor, query) =>
    oneOrAll(floor, query, ({ symbol, book }) => {
      const bid = book.best("bid") ?? { price: 0, quantity: 0 };
      const ask = book.best("ask") ?? { price: 0, quantity: 0 };
      return {
        symbol: symbol.symbol,
        bidPrice: decimalOf(bid.price, symbol.priceDecimals),
        bidQty: decimalOf(bid.quantity, symbol.quantityDecimals),
        askPrice: decimalOf(ask.price, symbol.priceDecimals),
        askQty: decimalOf(ask.quantity, symbol.quantityDecimals),
      };
    }),
};

/**
 * Answer a request below `/api/v3/`, as the exchange does.
 * @param path without `/api/v3/`
 */
export function answerRest(floor: Floor, method: string, path: string, query: URLSearchParams): Response {
  const answer = Object.hasOwn(answers, path) ? answers[path] : undefined;
  if (answer === undefined) return json({ code: -1, msg: `There is no ${path} here.` }, 404);
  if (method !== "GET" && method !== "HEAD") return json({ code: -1, msg: "Ask with GET." }, 405);
  try {
    return json(answer(floor, query), 200);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return json({ code: error.code, msg: error.message }, 400);
  }
}

/** JSON that is text already. */
class Text {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

function json(value: unknown, status: number): Response {
  const text = value instanceof Text ? value.text : JSON.stringify(value);
  return new Response(text, { status, headers: { "Content-Type": "application/json" } });
}

function one(floor: Floor, query: URLSearchParams): Quotation {
  const name = query.get("symbol");
  if (name === null || name === "")
    throw new Refusal(-1_102, "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed.");
  return named(floor, name);
}

function named(floor: Floor, name: string): Quotation {
  const quotation = floor.quotations.get(name);
  if (quotation === undefined) throw new Refusal(-1_121, "Invalid symbol.");
  return quotation;
}

/** `symbol=A`, `symbols=["A","B"]`, or all. */
function asked(floor: Floor, query: URLSearchParams): Quotation[] {
  if (query.has("symbol")) return [one(floor, query)];
  const list = query.get("symbols");
  if (list === null) return [...floor.quotations.values()];
  let names: unknown;
  try {
    names = JSON.parse(list);
  } catch {
    names = undefined;
  }
  if (!Array.isArray(names)) throw new Refusal(-1_100, "Illegal characters found in parameter 'symbols'.");
  return names.map((name) => named(floor, String(name)));
}

function oneOrAll(floor: Floor, query: URLSearchParams, row: (quotation: Quotation) => object): unknown {
  const rows = asked(floor, query).map(row);
  return query.has("symbol") ? rows[0] : rows;
}

function limitOf(query: URLSearchParams, usual: number, most: number): number {
  const given = query.get("limit");
  if (given === null) return usual;
  if (!/^[1-9]\d{0,5}$/.test(given))
    throw new Refusal(-1_100, "Illegal characters found in parameter 'limit'.");
  return Math.min(Number(given), most);
}
