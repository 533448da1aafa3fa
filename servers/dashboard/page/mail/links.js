import { useAnswer } from "../answer.js";
import { Copy } from "../copy.js";
import { html } from "portside/page/html.js";

/** What a test follows and types: links and one-time codes. @param {{ mail: import("./message.js").Mail }} props */
export function Links({ mail }) {
  /** @type {{ Href: string, Text: string }[] | undefined} */
  const links = useAnswer(`message/${mail.ID}/links`)?.Links;
  /** @type {string[]} */
  const codes = useAnswer(`message/${mail.ID}/codes`)?.Codes ?? [];
  return html`
    <div class="links">
      ${
        codes.length > 0 &&
        html`
          <h2>Codes</h2>
          <ul class="codes">
            ${codes.map((code) => html`<li key=${code}><code>${code}</code><${Copy} text=${code} what="the code" /></li>`)}
          </ul>
          <h2>Links</h2>
        `
      }
      ${links?.length === 0 && html`<p class="nothing">This mail has no links.</p>`}
      <ul>
        ${links?.map((link) => html`<${Link} key=${link.Href} link=${link} />`)}
      </ul>
    </div>
  `;
}

/** Only an address of the web is made to follow: others (`javascript:`) are to read. @param {{ link: { Href: string, Text: string } }} props */
const Link = ({ link: { Href, Text } }) => html`
  <li>
    ${Text !== Href && html`<span>${Text}</span>`}
    <span class="address">
      ${
        /^https?:/i.test(Href)
          ? html`<a href=${Href} target="_blank" rel="noopener noreferrer">${Href}</a>`
          : html`<code>${Href}</code>`
      }
      <${Copy} text=${Href} what="the link" />
    </span>
  </li>
`;
