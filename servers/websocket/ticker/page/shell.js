import { html } from "portside/page/html.js";
import { ThemeButton } from "portside/page/theme-button.js";
import { Book } from "./book.js";
import { counters, isOpen, link, search, shownRows } from "./state.js";
import { Table } from "./table.js";

const words = { connecting: "Connecting", live: "Live", lost: "Not connected" };

/** The whole page: a bar, the table, and the book of the chosen symbol. */
export function Shell() {
  const state = /** @type {keyof typeof words} */ (link.value);
  return html`
    <header class="bar">
      <h1 class="brand"><img src="page/icon.svg" alt="" width="24" height="24" /><span>Ticker</span></h1>
      <div class="search">
        <input
          type="search"
          placeholder="Search"
          aria-label="Search symbols"
          value=${search.value}
          onInput=${(/** @type {any} */ event) => (search.value = event.target.value)}
        />
        <kbd aria-hidden="true">/</kbd>
      </div>
      <span class=${`live ${state === "live" ? "" : "lost"}`} role="status">
        <span class="lamp" aria-hidden="true"></span><span class="words">${words[state]}</span>
      </span>
      <${ThemeButton} />
    </header>
    <main class=${`panes ${isOpen.value ? "is-open" : ""}`}>
      <section class="pane list" aria-label="Quotes">
        <${Table} />
        <footer class="keys">
          <span><kbd>↑</kbd> <kbd>↓</kbd> choose</span><span><kbd>1</kbd> to <kbd>5</kbd> sort</span>
          <span class="unseen" role="status">${shownRows.value.length} symbols</span>
          <${Counters} />
        </footer>
      </section>
      <section class="pane" aria-label="Book"><${Book} /></section>
    </main>
  `;
}

function Counters() {
  const { sent = 0, conflated = 0, closedSlow = 0 } = counters.value;
  const counted = [
    `${sent.toLocaleString("en")} sent`,
    `${conflated.toLocaleString("en")} skipped for slow readers`,
    `${closedSlow} cut off`,
  ];
  return html`<span
    class="counters"
    title="Messages sent; quotes that slow readers did not get, because newer ones were there; readers cut off because they were too slow"
    >${counted.join(" · ")}</span
  >`;
}
