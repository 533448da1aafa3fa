import { decimalOf } from "portside/wire/decimal.js";
import { html } from "portside/page/html.js";
import { Depth } from "./depth.js";
import { Faults } from "./faults.js";
import { book, chosen, closeBook, lostBooks, rows } from "./state.js";

const shownLevels = 12;

/** The book of the chosen symbol: drawn, as a ladder, and what was traded last. */
export function Book() {
  const shown = book.value;
  const quote = rows.value.find(({ symbol }) => symbol === chosen.value)?.quote;
  const back = html`<button class="quiet back" aria-label="Back to the table" onClick=${closeBook}>
    ‹
  </button>`;
  if (!shown || shown.symbol !== chosen.value || shown.sequence === 0)
    return html`<header class="title">
        ${back}
        <h2>${chosen.value}</h2>
      </header>
      <p class="nothing">The book is on its way.</p>`;
  return html`
    <header class="title">
      ${back}
      <h2>${shown.symbol}</h2>
      <span class="price">${quote?.last}</span>
      <span class=${`step ${shown.isRight ? "" : "lost"}`} role="status">
        ${shown.isRight ? "in step with the server" : "asking for the book again"}
      </span>
    </header>
    <div class="body">
      <${Depth} bids=${shown.bids} asks=${shown.asks} priceDecimals=${shown.priceDecimals} />
      <p
        class="proof"
        title="The last change of this book, the checksum that the server has of it too, and how often the page noticed that it had missed a change and asked for the book again"
      >
        <span>event <b data-sequence>${shown.sequence}</b></span>
        <span>checksum <code data-checksum>${shown.checksum}</code></span>
        <span>lost and had again <b data-lost>${lostBooks.value}</b></span>
      </p>
      <div class="columns">
        <${Ladder} shown=${shown} />
        <${Trades} trades=${shown.trades} />
      </div>
      <${Faults} symbol=${shown.symbol} />
    </div>
  `;
}

/** @param {{ shown: import("./state.js").Shown }} props */
function Ladder({ shown }) {
  const { bids, asks, priceDecimals, quantityDecimals } = shown;
  const best = [...bids.slice(0, shownLevels), ...asks.slice(0, shownLevels)];
  const most = Math.max(1, ...best.map(({ quantity }) => quantity));
  /** @param {string} side @param {import("portside/wire/level-book.js").PriceLevel} level */
  const line = (side, { price, quantity }) => html`
    <tr class=${side}>
      <td class="price">${decimalOf(price, priceDecimals)}</td>
      <td class="quantity">${decimalOf(quantity, quantityDecimals)}</td>
      <td class="much">
        <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
          <rect width=${((quantity / most) * 100).toFixed(1)} height="10" />
        </svg>
      </td>
    </tr>
  `;
  return html`
    <table class="ladder">
      <caption>
        Book
      </caption>
      <tbody>
        ${asks
          .slice(0, shownLevels)
          .toReversed()
          .map((level) => line("ask", level))}
        ${bids.slice(0, shownLevels).map((level) => line("bid", level))}
      </tbody>
    </table>
  `;
}

/** @param {{ trades: import("portside/wire/ticker-message.js").TradeMessage[] }} props */
function Trades({ trades }) {
  return html`
    <table class="trades">
      <caption>
        Trades
      </caption>
      <tbody>
        ${trades.slice(0, 2 * shownLevels).map(
          ({ id, timeMs, price, quantity, side }) => html`
            <tr key=${id} class=${side === "buy" ? "bid" : "ask"}>
              <td class="time">${new Date(timeMs).toISOString().slice(11, 19)}</td>
              <td class="price">${price}</td>
              <td class="quantity">${quantity}</td>
            </tr>
          `,
        )}
      </tbody>
    </table>
  `;
}
