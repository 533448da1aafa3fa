import { useEffect } from "preact/hooks";
import { html } from "portside/page/html.js";
import { span } from "../format.js";
import { useHeading } from "../heading.js";
import { Icon } from "../icons.js";
import { listenToKeys } from "../keys.js";
import { addressOf, go } from "../route.js";
import { server } from "../server.js";
import { walk } from "../walk.js";
import { PartView } from "./part.js";
import { run, start, transports } from "./state.js";
import { TransportList } from "./transport-list.js";

/** @type {import("../tabs.js").Tab} */
export const compareTab = {
  id: "compare",
  title: "Compare",
  isThere: () => server.value.Compare,
  View: CompareTab,
  keys: [
    ["j k", "Next and previous transport"],
    ["m", "Write the message"],
    ["Enter", "Send it"],
  ],
};

/** @param {{ rest: string }} props `rest` is the name of a transport, or nothing */
function CompareTab({ rest }) {
  const isThere = server.value.Compare;
  useEffect(() => (isThere ? start() : undefined), [isThere]);
  const chosen = transports.value.find(({ Name }) => Name === rest) ?? transports.value[0];
  useEffect(() => listenToKeys(keysOf(chosen?.Name ?? "")), [chosen]);
  useHeading((rest && chosen?.Title) || "");
  if (!isThere || !chosen) return null;
  return html`
    <div class=${`panes ${rest ? "is-open" : ""}`}>
      <${TransportList} chosen=${chosen.Name} isOpen=${rest !== ""} />
      <${Exchange} key=${chosen.Name} transport=${chosen} />
    </div>
  `;
}

/** @param {{ transport: import("./state.js").Transport }} props */
function Exchange({ transport }) {
  const { exchanges, message } = run.value;
  const { parts, end } = exchanges.get(transport.Name) ?? { parts: [], end: undefined };
  return html`
    <section class="pane exchange" aria-label=${transport.Title}>
      <header class="wire-tools">
        <a class="quiet button back" href=${addressOf("compare")} aria-label="Back to the transports">
          <${Icon} name="back" />
        </a>
        <h1>${transport.Title}</h1>
      </header>
      <div class="following" tabindex="0" role="region" aria-label="Bytes">
        <div class="about">
          <p>${transport.About}</p>
          <p class="below">${transport.Below}</p>
        </div>
        ${
          exchanges.size === 0 &&
          html`<p class="nothing">Send a message, and see its bytes pass in both directions.</p>`
        }
        ${parts.map((part, index) => html`<${PartView} key=${`${run.value.run}-${index}`} part=${part} />`)}
        ${end && html`<${Sum} end=${end} message=${message} />`}
      </div>
    </section>
  `;
}

/** @param {{ end: import("./state.js").End, message: string }} props */
const Sum = ({ end, message }) =>
  end.Failure
    ? html`<p class="failure" role="alert">It went wrong: ${end.Failure}</p>`
    : html`
        <p class="sum">
          For a message of ${new TextEncoder().encode(message).length} bytes: ${end.ClientBytes} to the
          server, ${end.ServerBytes} to the client, in ${span(end.TookMs)}, with connecting and goodbye.
        </p>
      `;

/** @param {string} chosen @returns {import("../keys.js").Keys} */
function keysOf(chosen) {
  /** @param {number} lines */
  const move = (lines) => () => {
    const names = transports.value.map(({ Name }) => Name);
    walk("compare", "data-transport", names, chosen, lines);
  };
  return {
    j: move(1),
    k: move(-1),
    m: () => /** @type {HTMLElement | null} */ (document.querySelector(".say input"))?.focus(),
    Escape: () => go("compare"),
  };
}
