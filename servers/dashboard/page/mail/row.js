import { fullTime, shortName, shortTime } from "../format.js";
import { html } from "portside/page/html.js";
import { Icon } from "../icons.js";
import { addressOf } from "../route.js";
import { withView } from "./view.js";

/** A mail in the list. @param {{ mail: import("./state.js").Summary, isOpen: boolean }} props */
export function Row({ mail, isOpen }) {
  // A mail whose headers name nobody went to somebody all the same.
  const to = [mail.To, mail.Cc, mail.Bcc]
    .find((people) => people.length > 0)
    ?.map(shortName)
    .join(", ");
  return html`
    <li>
      <a
        href=${addressOf("mail", withView(mail.ID))}
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
          ${to && html`<span class="to">${to}</span>`}
          ${mail.Snippet && html`<span class="words">${to && "— "}${mail.Snippet}</span>`}
        </span>
      </a>
    </li>
  `;
}
