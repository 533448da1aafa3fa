import { useEffect, useRef } from "preact/hooks";
import { complaint } from "./api.js";
import { html } from "portside/page/html.js";
import { heading } from "./heading.js";
import { Icon } from "./icons.js";
import { KeyList } from "./key-list.js";
import { listenToKeys } from "./keys.js";
import { isLive } from "./live.js";
import { server } from "./server.js";
import { addressOf, route } from "./route.js";
import { tabs } from "./tabs.js";
import { ThemeButton } from "portside/page/theme-button.js";

/** The frame around every tab: bar, the tab, what went wrong, the list of keys. */
export function Shell() {
  const tab = tabs.find((one) => one.id === route.value.tab) ?? tabs[0];
  /** @type {{ current: HTMLDialogElement | null }} */
  const keyList = useRef(null);
  const number = tabs[0]?.badge?.();
  const words = `${heading.value || tab?.title} · ${server.value.Label || "Portside"}`;
  const title = number ? `(${number}) ${words}` : words;
  useEffect(() => void (document.title = title), [title]);
  useEffect(() => listenToKeys({ "?": () => keyList.current?.showModal() }), []);
  return html`
    <header class="bar">
      <a class="brand" href=${addressOf(tabs[0]?.id ?? "")}>
        <img src="page/icon.svg" alt="" width="24" height="24" />
        <span>Portside</span>
        ${server.value.Label && html`<span class="label">${server.value.Label}</span>`}
      </a>
      <nav aria-label="Tabs">
        ${tabs
          .filter(isThere)
          .map(
            (one) => html`
              <a href=${addressOf(one.id)} aria-current=${one === tab ? "page" : undefined}>
                ${one.title}
                ${one.badge?.() ? html`<span class="badge">${one.badge().toLocaleString()}</span>` : ""}
              </a>
            `,
          )}
      </nav>
      <span class=${isLive.value ? "live" : "live lost"} role="status">
        <span class="lamp" aria-hidden="true"></span>
        <span class="words">${isLive.value ? "Live" : "Not connected"}</span>
      </span>
      <${ThemeButton} />
      <button
        class="quiet to-keys"
        type="button"
        title="Keys (?)"
        aria-label="Keys"
        onClick=${() => keyList.current?.showModal()}
      >
        <${Icon} name="help" />
      </button>
    </header>
    <main class="tab">${tab && html`<${tab.View} rest=${route.value.rest} />`}</main>
    ${complaint.value && html`<${Complaint} />`}
    <${KeyList} dialog=${keyList} tab=${tab} />
  `;
}

/** @param {import("./tabs.js").Tab} tab */
const isThere = (tab) => tab.isThere?.() ?? true;

const Complaint = () => html`
  <div class="complaint" role="alert">
    <span>${complaint.value}</span>
    <button class="quiet" type="button" aria-label="Close" onClick=${() => (complaint.value = "")}>
      <${Icon} name="close" />
    </button>
  </div>
`;
