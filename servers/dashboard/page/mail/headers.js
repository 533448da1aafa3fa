import { useAnswer } from "../answer.js";
import { html } from "portside/page/html.js";

/** Every header, unfolded and decoded. @param {{ mail: import("./message.js").Mail }} props */
export function Headers({ mail }) {
  /** @type {Record<string, string[]>} */
  const headers = useAnswer(`message/${mail.ID}/headers`) ?? {};
  const lines = Object.entries(headers).flatMap(([name, values]) => values.map((value) => ({ name, value })));
  return html`
    <dl class="headers">
      ${lines.map(
        ({ name, value }) => html`
          <div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>
        `,
      )}
    </dl>
  `;
}
