import { computed, signal } from "@preact/signals";

/**
 * @typedef {object} Row What is known of one symbol.
 * @property {string} symbol
 * @property {import("portside/wire/ticker-message.js").QuoteMessage} [quote] The latest one.
 * @property {number[]} closes The prices at the ends of the last seconds, oldest first.
 * @property {"up" | "down" | ""} move Where the price went last.
 */

/** `connecting`, `live` or `lost`. */
export const link = signal("connecting");

/** All symbols, in the order of the server. */
export const rows = signal(/** @type {Row[]} */ ([]));

/** What is typed into the search field. */
export const search = signal("");

/** By what the table is sorted, and whether the other way round. */
export const order = signal(
  /** @type {{ by: Column, isDescending: boolean }} */ ({ by: "symbol", isDescending: false }),
);

/** @typedef {"symbol" | "last" | "change" | "spread" | "volume"} Column */

/** The symbol whose book is shown. */
export const chosen = signal(decodeURIComponent(location.hash.slice(1)));

/** Whether the book is open where there is room for one thing only. */
export const isOpen = signal(location.hash !== "");

/**
 * @typedef {object} Shown The chosen book as it is drawn.
 * @property {string} symbol
 * @property {boolean} isRight Whether it is the server's book.
 * @property {number} sequence
 * @property {string} checksum
 * @property {number} priceDecimals
 * @property {number} quantityDecimals
 * @property {import("portside/wire/level-book.js").PriceLevel[]} bids
 * @property {import("portside/wire/level-book.js").PriceLevel[]} asks
 * @property {import("portside/wire/ticker-message.js").TradeMessage[]} trades Newest first.
 */

export const book = signal(/** @type {Shown | undefined} */ (undefined));

/** How often a book was lost, noticed by the page, and had again. */
export const lostBooks = signal(0);

/** What the server counts. */
export const counters = signal(/** @type {Record<string, number>} */ ({}));

/** The change since the market opened, in percent. @param {Row} row */
export const changeOf = ({ quote }) => (quote ? (Number(quote.last) / Number(quote.open) - 1) * 100 : 0);

/** What lies between the best bid and the best ask, in hundredths of a percent. @param {Row} row */
export const spreadOf = ({ quote }) => {
  const bid = Number(quote?.bid?.[0]);
  const ask = Number(quote?.ask?.[0]);
  return ask > 0 ? ((ask - bid) / ask) * 10_000 : 0;
};

/** @type {Record<Column, (row: Row) => number | string>} */
const keys = {
  symbol: ({ symbol }) => symbol,
  last: ({ quote }) => Number(quote?.last ?? 0),
  change: changeOf,
  spread: spreadOf,
  volume: ({ quote }) => Number(quote?.volume ?? 0) * Number(quote?.last ?? 0),
};

/** The rows that fit the search, sorted. */
export const shownRows = computed(() => {
  const { by, isDescending } = order.value;
  const wanted = search.value.trim().toUpperCase();
  const sign = isDescending ? -1 : 1;
  const key = keys[by];
  return rows.value
    .filter(({ symbol }) => symbol.includes(wanted))
    .sort((one, other) => {
      const [a, b] = [key(one), key(other)];
      return a === b ? 0 : sign * (a < b ? -1 : 1);
    });
});

/** Show another book. @param {string} symbol */
export function choose(symbol) {
  chosen.value = symbol;
  history.replaceState(null, "", `#${encodeURIComponent(symbol)}`);
}

/** Go back to the table, where there is room for one thing only, and to the symbol in it. */
export function closeBook() {
  isOpen.value = false;
  const row = `[data-symbol="${chosen.value}"] button`;
  requestAnimationFrame(() => document.querySelector(/** @type {"button"} */ (row))?.focus());
}

/** Sort by a column; by the same one again, the other way round. @param {Column} by */
export function sortBy(by) {
  const { by: before, isDescending } = order.value;
  order.value = { by, isDescending: before === by ? !isDescending : by !== "symbol" };
}
