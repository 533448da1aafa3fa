import { unitsOf } from "../../../wire/decimal.ts";

/** What is traded, as a person names it: `"BTCUSDT"`, or with what it costs at first and how finely it is counted. */
export interface SymbolOptions {
  /** Two to 20 capitals and digits. */
  readonly symbol: string;
  /** The asset that the price is in; the rest of the symbol is the asset that is traded. @default known endings */
  readonly quoteAsset?: string;
  /** The price at the beginning, as a decimal; its digits behind the point are the tick. @default by the name */
  readonly price?: string;
  /** Digits behind the point of a quantity. @default 5 below 1000 units of money, fewer for what is cheap */
  readonly quantityDecimals?: number;
}

/** What is traded. A price is a whole number of ticks, a quantity one of lots. */
export interface TickerSymbol {
  readonly symbol: string;
  readonly baseAsset: string;
  readonly quoteAsset: string;
  /** A tick is 10 to the minus this. */
  readonly priceDecimals: number;
  /** A lot is 10 to the minus this. */
  readonly quantityDecimals: number;
  /** In ticks. */
  readonly startPrice: number;
}

/** Round figures for well-known names; nothing about them is meant as a quote of the day. */
const knownPrices: Readonly<Record<string, string>> = {
  BTC: "64250.00",
  ETH: "3120.50",
  SOL: "148.20",
  XRP: "0.5240",
  ADA: "0.4610",
  DOGE: "0.12450",
  LTC: "84.30",
  LINK: "14.250",
  DOT: "6.480",
  AVAX: "27.40",
  ATOM: "8.120",
  EUR: "1.0850",
};

/** The symbols of a ticker that is not told any. */
export const usualSymbols: readonly string[] = Object.keys(knownPrices).map((asset) => `${asset}USDT`);

const quoteAssets = ["USDT", "USDC", "USD", "EUR", "GBP", "BTC", "ETH"];

/** @throws TypeError for a name or a price that cannot be, or a symbol that is there twice */
export function resolveSymbols(given: readonly (string | SymbolOptions)[]): TickerSymbol[] {
  const symbols = given.map((one) => resolveSymbol(typeof one === "string" ? { symbol: one } : one));
  const names = new Set(symbols.map(({ symbol }) => symbol));
  if (names.size === 0) throw new TypeError("startTicker: symbols is empty; give at least one");
  if (names.size < symbols.length) throw new TypeError("startTicker: symbols names one of them twice");
  return symbols;
}

function resolveSymbol(given: SymbolOptions): TickerSymbol {
  const { symbol } = given;
  if (!/^[A-Z\d]{2,20}$/.test(symbol))
    throw new TypeError(`startTicker: the symbol "${symbol}" is not 2 to 20 capitals and digits`);
  const quoteAsset =
    given.quoteAsset ?? quoteAssets.find((asset) => symbol.endsWith(asset) && symbol !== asset) ?? "USD";
  const baseAsset = symbol.endsWith(quoteAsset) ? symbol.slice(0, -quoteAsset.length) : symbol;
  const price = given.price ?? knownPrices[baseAsset] ?? priceByName(symbol);
  const priceDecimals = price.split(".")[1]?.length ?? 0;
  const startPrice = unitsOf(price, priceDecimals) ?? 0;
  if (startPrice < 1_000 || startPrice > 1e12) {
    throw new TypeError(
      `startTicker: the price of ${symbol} is "${price}"; give a decimal of 1,000 to 10¹² ticks, such as "10.00"`,
    );
  }
  const isDear = startPrice >= 1_000 * 10 ** priceDecimals;
  const quantityDecimals =
    given.quantityDecimals ?? (isDear ? 5 : startPrice >= 10 * 10 ** priceDecimals ? 3 : 1);
  if (!Number.isInteger(quantityDecimals) || quantityDecimals < 0 || quantityDecimals > 8)
    throw new TypeError(`startTicker: quantityDecimals of ${symbol} must be 0 to 8, got ${quantityDecimals}`);
  return { symbol, baseAsset, quoteAsset, priceDecimals, quantityDecimals, startPrice };
}

/** 10.00 to 999.99, the same for the same name. */
function priceByName(symbol: string): string {
  let hash = 0;
  for (const letter of symbol) hash = (hash * 31 + letter.charCodeAt(0)) % 99_000;
  return ((hash + 1_000) / 100).toFixed(2);
}
