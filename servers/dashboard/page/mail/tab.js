import { useEffect } from "preact/hooks";
import { html } from "portside/page/html.js";
import { listenToKeys } from "../keys.js";
import { Empty } from "./empty.js";
import { mailKeys } from "./keys.js";
import { List } from "./list.js";
import { Message } from "./message.js";
import { counts, isLoaded, query, start } from "./state.js";

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

/** @param {{ rest: string }} props `rest` is the id of the open mail */
function MailTab({ rest }) {
  useEffect(() => listenToKeys(mailKeys(rest)), [rest]);
  if (!isLoaded.value) return null;
  if (counts.value.total === 0 && query.value === "" && rest === "") return html`<${Empty} />`;
  return html`
    <div class=${`panes ${rest ? "is-open" : ""}`}>
      <${List} openId=${rest} />
      <section class="pane message" aria-label="Mail">
        ${
          rest
            ? html`<${Message} key=${rest} id=${rest} />`
            : html`<p class="nothing">Choose a mail, or press <kbd>j</kbd></p>`
        }
      </section>
    </div>
  `;
}
