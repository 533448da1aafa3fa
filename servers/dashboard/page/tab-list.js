import { html } from "portside/page/html.js";

/**
 * A row of tabs that the arrow keys walk along (ARIA authoring practices, tabs pattern).
 * @param {{
 *   label: string, names: [name: string, count?: number][], chosen: string, choose: (name: string) => void,
 *   panel: string,
 * }} props `panel` is the id of what the tabs change
 */
export const TabList = ({ label, names, chosen, choose, panel }) => html`
  <div class="views" role="tablist" aria-label=${label} onKeyDown=${moveFocus}>
    ${names.map(
      ([name, count]) => html`
        <button
          type="button"
          role="tab"
          aria-selected=${name === chosen}
          aria-controls=${panel}
          tabindex=${name === chosen ? 0 : -1}
          onClick=${() => choose(name)}
        >
          ${name} ${count && html`<span class="count">${count}</span>`}
        </button>
      `,
    )}
  </div>
`;

/** @param {KeyboardEvent} event */
function moveFocus(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const list = /** @type {HTMLElement} */ (event.currentTarget);
  const tabs = /** @type {HTMLElement[]} */ ([...list.querySelectorAll("[role=tab]")]);
  const next = tabs[tabs.indexOf(/** @type {HTMLElement} */ (document.activeElement)) + step];
  next?.focus();
  next?.click();
}
