import { decimalOf } from "portside/wire/decimal.js";
import { html } from "portside/page/html.js";

const width = 600;
const height = 190;
const baseline = height - 26;

/**
 * How much there is to buy and to sell up to each price: two stairs that rise from the spread to both sides.
 * @param {{
 *   bids: import("portside/wire/level-book.js").PriceLevel[],
 *   asks: import("portside/wire/level-book.js").PriceLevel[],
 *   priceDecimals: number,
 * }} props
 */
export function Depth({ bids, asks, priceDecimals }) {
  const bestBid = bids[0]?.price ?? 0;
  const bestAsk = asks[0]?.price ?? 0;
  const middle = (bestBid + bestAsk) / 2;
  // The same distance on both sides, as far as both reach.
  const reach = Math.max(1, Math.min(middle - (bids.at(-1)?.price ?? 0), (asks.at(-1)?.price ?? 0) - middle));
  const left = summedUp(bids).filter(({ price }) => price >= middle - reach);
  const right = summedUp(asks).filter(({ price }) => price <= middle + reach);
  const most = Math.max(1, left.at(-1)?.sum ?? 0, right.at(-1)?.sum ?? 0);
  const x = (/** @type {number} */ price) => ((price - middle) / reach + 1) * (width / 2);
  const y = (/** @type {number} */ sum) => baseline - (sum / most) * (baseline - 8);
  const label = (/** @type {number} */ price) => decimalOf(Math.max(0, Math.round(price)), priceDecimals);
  return html`
    <svg
      class="depth"
      viewBox=${`0 0 ${width} ${height}`}
      role="img"
      aria-label=${`Depth: best bid ${label(bestBid)}, best ask ${label(bestAsk)}`}
    >
      <path class="bid" d=${stairs(left, x, y, 0)} />
      <path class="ask" d=${stairs(right, x, y, width)} />
      <line x1=${width / 2} x2=${width / 2} y1="8" y2=${baseline} />
      <text x="2" y=${height - 6}>${label(middle - reach)}</text>
      <text x=${width / 2} y=${height - 6} text-anchor="middle">${label(middle)}</text>
      <text x=${width - 2} y=${height - 6} text-anchor="end">${label(middle + reach)}</text>
    </svg>
  `;
}

/** @param {import("portside/wire/level-book.js").PriceLevel[]} levels best first */
function summedUp(levels) {
  let sum = 0;
  return levels.map(({ price, quantity }) => ({ price, sum: (sum += quantity) }));
}

/**
 * @param {{ price: number, sum: number }[]} levels
 * @param {(price: number) => number} x
 * @param {(sum: number) => number} y
 * @param {number} end where the picture ends on this side
 */
function stairs(levels, x, y, end) {
  const [first] = levels;
  if (!first) return "";
  const steps = levels.map(({ price, sum }) => `H${x(price).toFixed(1)}V${y(sum).toFixed(1)}`);
  return `M${x(first.price).toFixed(1)},${baseline}${steps.join("")}H${end}V${baseline}Z`;
}
