import { Copy } from "./copy.js";
import { html } from "portside/page/html.js";
import { TabList } from "./tab-list.js";

/**
 * Lines to copy, by the tool that they are for.
 * @param {{ label: string, ways: Record<string, string>, chosen: import("@preact/signals").Signal<string> }} props
 */
export const Ways = ({ label, ways, chosen }) => html`
  <div class="ways">
    <${TabList}
      label=${label}
      names=${Object.keys(ways).map((name) => [name])}
      chosen=${chosen.value}
      choose=${(/** @type {string} */ name) => (chosen.value = name)}
      panel="lines"
    />
    <${Copy} text=${ways[chosen.value] ?? ""} what="the lines" />
    <pre class="code" id="lines" role="tabpanel" aria-label=${chosen.value} tabindex="0">
${ways[chosen.value]}</pre>
  </div>
`;
