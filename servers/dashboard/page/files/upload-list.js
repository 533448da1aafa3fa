import { size } from "../format.js";
import { html } from "portside/page/html.js";
import { Icon } from "../icons.js";
import { nameOf } from "./paths.js";
import { dismiss, replace, uploads } from "./uploads.js";

/** The uploads from this page, with how far they are. */
export const Uploads = () =>
  uploads.value.length > 0 &&
  html`
    <ul class="uploads" aria-label="Uploads">
      ${uploads.value.map((one) => html`<${Row} key=${one.id} one=${one} />`)}
    </ul>
  `;

/** @param {{ one: import("./uploads.js").Upload }} props */
const Row = ({ one }) => html`
  <li class=${one.state}>
    <p>
      <span class="title">${nameOf(one.path)}</span>
      <span class="state" role="status" aria-live=${one.state === "running" ? "off" : "polite"}
        >${said(one)}</span
      >
    </p>
    ${
      one.state === "taken"
        ? html`<button type="button" onClick=${() => replace(one.id)}>Replace</button>`
        : one.state !== "failed" &&
          html`<progress
            max=${one.file.size || 1}
            value=${share(one)}
            aria-label=${`Progress of ${nameOf(one.path)}`}
          />`
    }
    <button
      type="button"
      class="quiet"
      aria-label=${`${one.state === "running" ? "Stop" : "Dismiss"} ${nameOf(one.path)}`}
      onClick=${() => dismiss(one.id)}
    >
      <${Icon} name=${one.state === "done" ? "done" : "close"} />
    </button>
  </li>
`;

/** @param {import("./uploads.js").Upload} one */
const share = ({ file, sent, state }) => (state === "done" ? file.size || 1 : sent);

/** @param {import("./uploads.js").Upload} one */
function said({ file, sent, state, why }) {
  if (state === "waiting") return "waiting";
  if (state === "taken") return "a file of this name is there";
  if (state === "failed") return why;
  if (state === "done") return size(file.size);
  return `${size(sent)} of ${size(file.size)}`;
}
