import { html } from "portside/page/html.js";
import { ThemeButton } from "portside/page/theme-button.js";
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
      <${ThemeButton} />
    </header>
    <main>${welcome.value ? html`<${Table} />` : html`<${Lobby} />`}</main>
  `;
}
