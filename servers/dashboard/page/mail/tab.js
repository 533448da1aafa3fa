import { useEffect } from "preact/hooks";
import { html } from "portside/page/html.js";
import { listenToKeys } from "../keys.js";
import { Empty } from "./empty.js";
import { mailKeys } from "./keys.js";
import { List } from "./list.js";
import { Message } from "./message.js";
import { counts, isLoaded, query, start } from "./state.js";
import { idOf } from "./view.js";

start();

/** @type {import("../tabs.js").Tab} */
export const mailTab = {
  id: "mail",
  title: "Mail",
  badge: () => counts.value.unread,
  View: MailTab,
  keys: [
    ["j k", "Next and previous mail"],
    ["Enter", "Open the mail"],
    ["u", "Mark unread"],
    ["Del", "Delete the mail"],
    ["/", "Search"],
  ],
};

/** @param {{ rest: string }} props `rest` is the id of the open mail, and how it is looked at */
function MailTab({ rest }) {
  const openId = idOf(rest);
  useEffect(() => listenToKeys(mailKeys(openId)), [openId]);
  if (!isLoaded.value) return null;
  if (counts.value.total === 0 && query.value === "" && openId === "") return html`<${Empty} />`;
  return html`
    <div class=${`panes ${openId ? "is-open" : ""}`}>
      <${List} openId=${openId} />
      <section class="pane message" aria-label="Mail">
        ${
          openId
            ? html`<${Message} key=${openId} id=${openId} />`
            : html`<p class="nothing">Choose a mail, or press <kbd>j</kbd></p>`
        }
      </section>
    </div>
  `;
}
