import { counted, fullTime, shortTime } from "../format.js";
import { html } from "../html.js";
import { addressOf } from "../route.js";
import { connections, shown } from "./state.js";

/** The connections, newest first. @param {{ chosen: number }} props 0 for all of them */
export const Connections = ({ chosen }) => html`
  <section class="pane list" aria-label="Connections">
    <div class="tools"><span role="status">${counted(connections.value.length, "connection")}</span></div>
    <ul class="mails">
      <li>
        <a href=${addressOf("wire", "all")} aria-current=${chosen === 0 ? "true" : undefined}>
          <span class="who"><span class="name">Everything</span></span>
          <span class="snippet">${counted(shown.value.length, "line")}</span>
        </a>
      </li>
      ${connections.value.map(
        ({ number, name, at, lines }) => html`
          <li key=${number}>
            <a
              href=${addressOf("wire", String(number))}
              aria-current=${chosen === number ? "true" : undefined}
            >
              <span class="who">
                <span class="name">#${number} ${name}</span>
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
