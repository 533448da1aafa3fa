import { fullTime, shortName, shortTime } from "../format.js";
import { html } from "portside/page/html.js";
import { Icon } from "../icons.js";
import { addressOf } from "../route.js";

/** A mail in the list. @param {{ mail: import("./state.js").Summary, isOpen: boolean }} props */
export const Row = ({ mail, isOpen }) => html`
  <li>
    <a
      href=${addressOf("mail", mail.ID)}
      data-mail=${mail.ID}
      class=${mail.Read ? "" : "unread"}
      aria-current=${isOpen ? "true" : undefined}
    >
      <span class="who">
        ${!mail.Read && html`<span class="dot"><span class="unseen">Unread: </span></span>`}
        <span class="name">${shortName(mail.From)}</span>
        ${mail.Attachments > 0 && html`<${Icon} name="paperclip" /><span class="unseen">with attachments</span>`}
        <time datetime=${mail.Created} title=${fullTime(mail.Created)}>${shortTime(mail.Created)}</time>
      </span>
      <span class="subject">${mail.Subject || "(no subject)"}</span>
      <span class="snippet">
        ${mail.Tags.map((tag) => html`<span class="tag">${tag}</span>`)}
        <span class="to">${mail.To.map(shortName).join(", ")}</span>
        ${mail.Snippet && html`<span class="words"> — ${mail.Snippet}</span>`}
      </span>
    </a>
  </li>
`;
