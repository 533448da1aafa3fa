import { useAnswer } from "../answer.js";
import { askText } from "../api.js";
import { Copy } from "../copy.js";
import { size } from "../format.js";
import { html } from "portside/page/html.js";

const mostCharacters = 500_000;

/** The message as it came. @param {{ mail: import("./message.js").Mail }} props */
export function Source({ mail }) {
  /** @type {string} */
  const source = useAnswer(`message/${mail.ID}/raw`, askText) ?? "";
  return html`
    <div class="source">
      <${Copy} text=${source} what="the source" />
      <pre class="code" tabindex="0">${source.slice(0, mostCharacters)}</pre>
      ${
        source.length > mostCharacters &&
        html`<p class="nothing">
          <a href=${`api/v1/message/${mail.ID}/raw`}>All ${size(mail.Size)} of it</a>
        </p>`
      }
    </div>
  `;
}
