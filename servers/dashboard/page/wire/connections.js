import { counted, fullTime, shortTime } from "../format.js";
import { html } from "portside/page/html.js";
import { addressOf } from "../route.js";
import { connections, hasSeveralServers, shown } from "./state.js";

/** The connections, newest first. @param {{ chosen: string }} props empty for all of them */
export const Connections = ({ chosen }) => html`
  <section class="pane list" aria-label="Connections">
    <div class="tools"><span role="status">${counted(connections.value.length, "connection")}</span></div>
    <ul class="mails">
      <li>
        <a
          href=${addressOf("wire", "all")}
          data-connection="all"
          aria-current=${chosen === "" ? "true" : undefined}
        >
          <span class="who"><span class="name">Everything</span></span>
          <span class="snippet">${counted(shown.value.length, "line")}</span>
        </a>
      </li>
      ${connections.value.map(
        ({ id, protocol, number, name, at, lines }) => html`
          <li key=${id}>
            <a
              href=${addressOf("wire", id)}
              data-connection=${id}
              aria-current=${chosen === id ? "true" : undefined}
            >
              <span class="who">
                <span class="name">#${number} ${name}</span>
                ${hasSeveralServers.value && html`<span class="tag">${protocol.toUpperCase()}</span>`}
                <time datetime=${at} title=${fullTime(at)}>${shortTime(at)}</time>
              </span>
              <span class="snippet">${counted(lines, "line")}</span>
            </a>
          </li>
        `,
      )}
    </ul>
  </section>
`;
