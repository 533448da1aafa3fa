import { Copy } from "../copy.js";
import { size } from "../format.js";
import { html } from "portside/page/html.js";
import { Icon } from "../icons.js";

/** The files a mail brought. @param {{ mail: import("./message.js").Mail }} props */
export const Attachments = ({ mail }) => html`
  <ul class="files">
    ${[...mail.Attachments, ...mail.Inline].map((part) => html`<${File} key=${part.PartID} id=${mail.ID} part=${part} />`)}
  </ul>
`;

/** @param {{ id: string, part: import("./message.js").Part }} props */
function File({ id, part }) {
  const url = `api/v1/message/${id}/part/${part.PartID}`;
  const name = part.FileName || `part ${part.PartID}`;
  return html`
    <li>
      <a class="thumb" href=${url} target="_blank" rel="noopener" tabindex="-1" aria-hidden="true">
        ${
          /^image\/(?!svg)/.test(part.ContentType)
            ? html`<img src=${`${url}/thumb`} alt="" loading="lazy" />`
            : html`<${Icon} name="file" />`
        }
      </a>
      <div>
        <a class="name" href=${url} target="_blank" rel="noopener">${name}</a>
        <p>${part.ContentType} · ${size(part.Size)}</p>
        <p class="digest">
          <code title="SHA-256">${part.Checksums.SHA256}</code>
          <${Copy} text=${part.Checksums.SHA256} what="the SHA-256" />
        </p>
      </div>
      <a class="quiet button" href=${url} download=${name} title="Download" aria-label=${`Download ${name}`}>
        <${Icon} name="download" />
      </a>
    </li>
  `;
}
