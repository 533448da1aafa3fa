import { html } from "portside/page/html.js";
import { changeOf, choose, chosen, isOpen, order, search, shownRows, sortBy, spreadOf } from "./state.js";

/** @type {[by: import("./state.js").Column, title: string, meaning?: string][]} */
const columns = [
  ["symbol", "Symbol"],
  ["last", "Last"],
  ["change", "Change"],
  ["spread", "Spread", "From the best bid to the best ask, in basis points (bp): hundredths of a percent"],
  ["volume", "Volume"],
];

/** All symbols that fit the search. */
export function Table() {
  const shown = shownRows.value;
  if (shown.length === 0 && search.value !== "")
    return html`<p class="nothing">Nothing is called “${search.value}”. <kbd>Esc</kbd> shows all.</p>`;
  return html`
    <div class="scroll">
      <table class="quotes">
        <thead>
          <tr>
            ${columns.map(([by, title, meaning]) => html`<${Heading} by=${by} title=${title} meaning=${meaning} />`)}
            <th class="spark" scope="col">2 minutes</th>
          </tr>
        </thead>
        <tbody>
          ${shown.map((row) => html`<${Line} key=${row.symbol} row=${row} />`)}
        </tbody>
      </table>
    </div>
  `;
}

/** @param {{ by: import("./state.js").Column, title: string, meaning: string | undefined }} props */
function Heading({ by, title, meaning }) {
  const { by: now, isDescending } = order.value;
  const sorted = now === by ? (isDescending ? "descending" : "ascending") : "none";
  return html`<th class=${by} scope="col" aria-sort=${sorted} title=${meaning}>
    <button onClick=${() => sortBy(by)}>
      ${title}<span aria-hidden="true">${{ ascending: " ▲", descending: " ▼", none: "" }[sorted]}</span>
    </button>
  </th>`;
}

/** @param {{ row: import("./state.js").Row }} props */
function Line({ row }) {
  const { symbol, quote, move } = row;
  const change = changeOf(row);
  const sign = change > 0 ? "rises" : change < 0 ? "falls" : "";
  const show = () => {
    choose(symbol);
    isOpen.value = true;
  };
  return html`
    <tr data-symbol=${symbol} aria-selected=${chosen.value === symbol} onClick=${show}>
      <th class="symbol" scope="row"><button onClick=${show}>${symbol}</button></th>
      <td class=${`last ${move}`} key=${quote?.last}>${quote?.last ?? "…"}</td>
      <td class=${`change ${sign}`}>
        ${change > 0 ? "+" : change < 0 ? "−" : ""}${Math.abs(change).toFixed(2)} %
      </td>
      <td class="spread">${spreadOf(row).toFixed(2)} bp</td>
      <td class="volume">${short(Number(quote?.volume ?? 0) * Number(quote?.last ?? 0))}</td>
      <td class="spark"><${Sparkline} closes=${row.closes} isUp=${change >= 0} /></td>
    </tr>
  `;
}

const width = 96;
const height = 24;

/** @param {{ closes: number[], isUp: boolean }} props */
function Sparkline({ closes, isUp }) {
  if (closes.length < 2) return html`<svg width=${width} height=${height} aria-hidden="true"></svg>`;
  const low = Math.min(...closes);
  const span = Math.max(...closes) - low || 1;
  const points = closes.map(
    (close, index) =>
      `${((index / (closes.length - 1)) * width).toFixed(1)},${(height - 2 - ((close - low) / span) * (height - 4)).toFixed(1)}`,
  );
  return html`<svg
    class=${isUp ? "rises" : "falls"}
    viewBox=${`0 0 ${width} ${height}`}
    width=${width}
    height=${height}
    aria-hidden="true"
  >
    <polyline points=${points.join(" ")} />
  </svg>`;
}

/** 1,234,567 as 1.23 M. @param {number} count */
function short(count) {
  const units = ["", " k", " M", " G", " T"];
  let unit = 0;
  while (count >= 1_000 && unit < units.length - 1) {
    count /= 1_000;
    unit++;
  }
  return `${count.toFixed(unit === 0 ? 0 : 2)}${units[unit]}`;
}
