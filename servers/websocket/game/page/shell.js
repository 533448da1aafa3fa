import { html } from "portside/page/html.js";
import { isDark, toggleTheme } from "portside/page/theme.js";
import { Lobby } from "./lobby.js";
import { isLive, welcome } from "./stream.js";
import { Table } from "./table.js";

/** The bar, and below it the lobby or a room. */
export function Shell() {
  return html`
    <header class="bar">
      <span class="brand"><img src="page/icon.svg" alt="" width="24" height="24" /><span>Pong</span></span>
      <span class=${isLive.value ? "live" : "live lost"} role="status">
        <span class="lamp" aria-hidden="true"></span>
        <span class="words">${isLive.value ? "Live" : "Not connected"}</span>
      </span>
      <button
        class="quiet"
        type="button"
        aria-label=${isDark() ? "Light colours" : "Dark colours"}
        title=${isDark() ? "Light colours" : "Dark colours"}
        onClick=${toggleTheme}
      >
        <svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
          <path
            d=${
              isDark()
                ? "M10 7a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM10 2v2m0 12v2m8-8h-2M4 10H2m13.700-5.700l-1.400 1.400M5.700 14.300l-1.400 1.400m0-11.400l1.400 1.400m8.600 8.600l1.400 1.400"
                : "M16 11.500A6.500 6.500 0 0 1 8.500 4a6.500 6.500 0 1 0 7.500 7.500z"
            }
          />
        </svg>
      </button>
    </header>
    <main>${welcome.value ? html`<${Table} />` : html`<${Lobby} />`}</main>
  `;
}
