import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { Conversation } from "../conversation.js";
import { useHeading } from "../heading.js";
import { html } from "portside/page/html.js";
import { Icon } from "../icons.js";
import { listenToKeys } from "../keys.js";
import { addressOf, go } from "../route.js";
import { walk } from "../walk.js";
import { Connections } from "./connections.js";
import { connections, hasSeveralServers, held, hold, shown, start } from "./state.js";

/** @type {import("../tabs.js").Tab} */
export const wireTab = {
  id: "wire",
  title: "Wire",
  View: WireTab,
  keys: [
    ["j k", "Next and previous connection"],
    ["h", "Hold, and go on"],
  ],
};

/** @param {{ rest: string }} props `rest` is the id of a connection (`smtp-1`), `all`, or nothing */
function WireTab({ rest }) {
  // The conversations are asked for while somebody looks at them.
  useEffect(start, []);
  useEffect(() => listenToKeys(keysOf(rest)), [rest]);
  const [, protocol = "", number = ""] = /^([a-z]+)-(\d+)$/.exec(rest) ?? [];
  useHeading(protocol && `${protocol.toUpperCase()} connection #${number}`);
  const lines = protocol
    ? shown.value.filter((entry) => entry.Protocol === protocol && entry.Connection === Number(number))
    : shown.value;
  return html`
    <div class=${`panes ${rest ? "is-open" : ""}`}>
      <${Connections} chosen=${protocol ? rest : ""} />
      <section class="pane wire" aria-label="Conversation">
        <header class="wire-tools">
          <a class="quiet button back" href=${addressOf("wire")} aria-label="Back to the connections">
            <${Icon} name="back" />
          </a>
          <h1>${protocol ? `Connection #${number}` : "Everything"}</h1>
          ${protocol && hasSeveralServers.value && html`<span class="tag">${protocol.toUpperCase()}</span>`}
          <button type="button" aria-pressed=${held.value !== undefined} onClick=${hold}>
            <${Icon} name=${held.value ? "play" : "pause"} /> ${held.value ? "Go on" : "Hold"}
          </button>
        </header>
        ${
          lines.length === 0
            ? html`<p class="nothing">
                Every line that a client and the server exchange shows here, as it is said.
              </p>`
            : html`<${Following} key=${rest} lines=${lines} hasConnections=${protocol === ""} />`
        }
      </section>
    </div>
  `;
}

/**
 * The newest line stays in view, unless the reader scrolled away from it. Lines come faster than they could be read out,
 * so they are not.
 * @param {{ lines: import("../conversation.js").Entry[], hasConnections: boolean }} props
 */
function Following({ lines, hasConnections }) {
  /** @type {{ current: HTMLElement | null }} */
  const box = useRef(null);
  const isAtEnd = useRef(true);
  useLayoutEffect(() => {
    if (box.current && isAtEnd.current) box.current.scrollTop = box.current.scrollHeight;
  });
  const look = () => {
    const { scrollHeight = 0, scrollTop = 0, clientHeight = 0 } = box.current ?? {};
    isAtEnd.current = scrollHeight - scrollTop - clientHeight < 40;
  };
  return html`
    <div
      class="following"
      ref=${box}
      onScroll=${look}
      tabindex="0"
      role="log"
      aria-live="off"
      aria-label="Lines"
    >
      <${Conversation}
        entries=${lines}
        hasConnections=${hasConnections}
        hasProtocols=${hasSeveralServers.value}
      />
    </div>
  `;
}

/** @param {string} rest @returns {import("../keys.js").Keys} */
function keysOf(rest) {
  /** @param {number} lines */
  const move = (lines) => () =>
    walk("wire", "data-connection", ["all", ...connections.value.map(({ id }) => id)], rest, lines);
  return {
    j: move(1),
    k: move(-1),
    h: hold,
    Escape: () => go("wire"),
  };
}
