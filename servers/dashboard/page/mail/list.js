import { useEffect, useRef } from "preact/hooks";
import { counted } from "../format.js";
import { html } from "portside/page/html.js";
import { Icon } from "../icons.js";
import { DeleteAll } from "./delete-all.js";
import { Row } from "./row.js";
import { SearchField } from "./search-field.js";
import { hasMore, loadMore, mails, markAllRead, matches, query, search, tags } from "./state.js";

/** The list with what is done to all of it. @param {{ openId: string }} props */
export function List({ openId }) {
  /** @type {{ current: HTMLDialogElement | null }} */
  const question = useRef(null);
  return html`
    <section class="pane list" aria-label="Mails">
      <${SearchField} />
      <div class="tools">
        <span role="status">${counted(matches.value, "mail")}${query.value && " found"}</span>
        <button
          type="button"
          class="quiet"
          title="Mark all read"
          aria-label="Mark all read"
          onClick=${markAllRead}
        >
          <${Icon} name="unread" />
        </button>
        <button
          type="button"
          class="quiet"
          title="Delete all"
          aria-label="Delete all"
          disabled=${matches.value === 0}
          onClick=${() => question.current?.showModal()}
        >
          <${Icon} name="trash" />
        </button>
      </div>
      ${tags.value.length > 0 && html`<${TagRow} />`}
      <ul class="mails">
        ${mails.value.map((mail) => html`<${Row} key=${mail.ID} mail=${mail} isOpen=${mail.ID === openId} />`)}
        ${hasMore.value && html`<${More} key="more" />`}
      </ul>
      ${mails.value.length === 0 && html`<p class="nothing">${query.value ? "No mail fits." : "No mail is here."}</p>`}
      <${DeleteAll} dialog=${question} />
    </section>
  `;
}

/** All tags; one shows its mails, and shows all again. */
const TagRow = () => html`
  <div class="tag-row" role="group" aria-label="Tags">
    ${tags.value.map((tag) => {
      const words = `tag:"${tag}"`;
      const isChosen = query.value === words;
      return html`
        <button
          type="button"
          class="tag"
          aria-pressed=${isChosen}
          onClick=${() => search(isChosen ? "" : words)}
        >
          ${tag}
        </button>
      `;
    })}
  </div>
`;

/** Loads the next page when it comes into view; a button for those who do not scroll. */
function More() {
  /** @type {{ current: HTMLElement | null }} */
  const button = useRef(null);
  useEffect(() => {
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && void loadMore());
    if (button.current) observer.observe(button.current);
    return () => observer.disconnect();
  }, []);
  return html`<li>
    <button ref=${button} type="button" class="more" onClick=${loadMore}>Show more</button>
  </li>`;
}
