import { html } from "portside/page/html.js";
import { span } from "../format.js";
import { addressOf } from "../route.js";
import { isSaying, message, run, say, transports } from "./state.js";

/** What is said, and over what. @param {{ chosen: string, isOpen: boolean }} props */
export const TransportList = ({ chosen, isOpen }) => html`
  <section class="pane list" aria-label="Transports">
    <form
      class="say"
      onSubmit=${(/** @type {SubmitEvent} */ event) => {
        event.preventDefault();
        void say();
      }}
    >
      <label for="said">Message</label>
      <div>
        <input
          id="said"
          autocomplete="off"
          value=${message.value}
          onInput=${(/** @type {InputEvent} */ event) =>
            (message.value = /** @type {HTMLInputElement} */ (event.target).value)}
        />
        <button class="main" disabled=${message.value === "" || isSaying.value}>Send</button>
      </div>
    </form>
    <ul class="mails">
      ${transports.value.map(
        ({ Name, Title }) => html`
          <li key=${Name}>
            <a
              href=${addressOf("compare", Name)}
              data-transport=${Name}
              aria-current=${Name === chosen && (isOpen || isWide.matches) ? "true" : undefined}
            >
              <span class="who"><span class="name">${Title}</span><${Took} name=${Name} /></span>
              <span class="snippet"><${Bytes} name=${Name} /></span>
            </a>
          </li>
        `,
      )}
    </ul>
  </section>
`;

/** Where list and bytes are side by side, the first transport is open without being chosen. */
const isWide = matchMedia("(min-width: 761px)");

/** @param {{ name: string }} props */
function Took({ name }) {
  const end = run.value.exchanges.get(name)?.end;
  return end && html`<span class="took">${end.Failure ? "failed" : span(end.TookMs)}</span>`;
}

/** How many bytes went each way until now. @param {{ name: string }} props */
function Bytes({ name }) {
  const exchange = run.value.exchanges.get(name);
  if (!exchange) return html`<span>not yet sent</span>`;
  /** @param {"client" | "server"} from */
  const sum = (from) =>
    exchange.parts
      .filter(({ From, OnWire }) => OnWire && From === from)
      .reduce((bytes, { Size }) => bytes + Size, 0);
  return html`
    <span class="up">→ ${sum("client").toLocaleString()} B</span>
    <span class="down">← ${sum("server").toLocaleString()} B</span>
  `;
}
