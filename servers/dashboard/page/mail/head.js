import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { fullTime, longName, size } from "../format.js";
import { html } from "portside/page/html.js";
import { Icon } from "../icons.js";
import { addressOf } from "../route.js";
import { mark, remove } from "./state.js";
import { Tags } from "./tags.js";

/** So many of those a mail went to are named at first: a list of hundreds would leave no room for the mail. */
const mostNamed = 8;

/** The mail that opens because the one before was deleted with the button: the focus goes on at the button. */
let nextId = "";

/** Who wrote what to whom, and what can be done with it. @param {{ mail: import("./message.js").Mail, tags: string[] }} props */
export function Head({ mail, tags }) {
  /** @type {{ current: HTMLButtonElement | null }} */
  const button = useRef(null);
  useEffect(() => {
    if (nextId === mail.ID) button.current?.focus();
    nextId = "";
  }, []);
  const deleteIt = async () => {
    nextId = (await remove(mail.ID, true)) ?? "";
  };
  return html`
    <header class="head">
      <div class="title">
        <a class="quiet button back" href=${addressOf("mail")} aria-label="Back to the list"
          ><${Icon} name="back"
        /></a>
        <h1 title=${mail.Subject || undefined}>${mail.Subject || "(no subject)"}</h1>
        <div class="actions">
          <button
            type="button"
            class="quiet"
            title="Mark unread (u)"
            aria-label="Mark unread"
            onClick=${() => mark(mail.ID, false)}
          >
            <${Icon} name="mail" />
          </button>
          <a
            class="quiet button"
            href=${`api/v1/message/${mail.ID}/raw?dl=1`}
            title="Download"
            aria-label="Download the mail"
          >
            <${Icon} name="download" />
          </a>
          <button
            type="button"
            class="quiet"
            title="Delete (Del)"
            aria-label="Delete"
            ref=${button}
            onClick=${deleteIt}
          >
            <${Icon} name="trash" />
          </button>
        </div>
      </div>
      <dl class="people">
        <${People} title="From" people=${[mail.From]} />
        <${People} title="To" people=${mail.To} />
        <${People} title="Cc" people=${mail.Cc} />
        <${People} title="Bcc" people=${mail.Bcc} />
        <${People} title="Reply to" people=${mail.ReplyTo} />
      </dl>
      <div class="facts">
        <time datetime=${mail.Created}>${fullTime(mail.Created)}</time>
        <span>${size(mail.Size)}</span>
        <${Tags} id=${mail.ID} tags=${tags} />
      </div>
    </header>
  `;
}

/** @param {{ title: string, people: import("../format.js").Address[] }} props */
function People({ title, people }) {
  const isOpen = useSignal(false);
  if (people.length === 0) return null;
  // One more is named as quickly as counted.
  const hasRest = people.length > mostNamed + 1;
  const named = hasRest && !isOpen.value ? people.slice(0, mostNamed) : people;
  return html`
    <div>
      <dt>${title}</dt>
      <dd>
        ${named.map(longName).join(", ") || "(nobody)"}
        ${
          hasRest &&
          html`${" "}<button
              type="button"
              class="rest"
              aria-expanded=${isOpen.value}
              onClick=${() => (isOpen.value = !isOpen.value)}
            >
              ${isOpen.value ? "fewer" : `and ${(people.length - mostNamed).toLocaleString()} more`}
            </button>`
        }
      </dd>
    </div>
  `;
}
