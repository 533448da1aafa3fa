import { useComputed, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { ask } from "../api.js";
import { useHeading } from "../heading.js";
import { html } from "portside/page/html.js";
import { addressOf } from "../route.js";
import { TabList } from "../tab-list.js";
import { Attachments } from "./attachments.js";
import { Head } from "./head.js";
import { Headers } from "./headers.js";
import { Links } from "./links.js";
import { Preview } from "./preview.js";
import { Session } from "./session.js";
import { Source } from "./source.js";
import { mails } from "./state.js";
import { chooseView, view } from "./view.js";

/**
 * @typedef {import("../format.js").Address} Address
 * @typedef {{ PartID: string, FileName: string, ContentType: string, Size: number, Checksums: { SHA256: string } }} Part
 * @typedef {object} Mail A mail in full.
 * @property {string} ID
 * @property {Address} From
 * @property {Address[]} To
 * @property {Address[]} Cc
 * @property {Address[]} Bcc
 * @property {Address[]} ReplyTo
 * @property {string} Subject
 * @property {string} Created
 * @property {string} Text
 * @property {string} HTML
 * @property {number} Size
 * @property {string[]} Tags
 * @property {Part[]} Attachments
 * @property {Part[]} Inline
 */

/** One mail. @param {{ id: string }} props */
export function Message({ id }) {
  const mail = useSignal(/** @type {Mail | undefined} */ (undefined));
  const isMissing = useSignal(false);
  useEffect(() => {
    ask(`message/${encodeURIComponent(id)}`).then(
      (answer) => (mail.value = answer),
      () => (isMissing.value = true),
    );
  }, [id]);
  // Tags change while the mail is open; its text does not.
  const tags = useComputed(
    () => mails.value.find((one) => one.ID === mail.value?.ID)?.Tags ?? mail.value?.Tags ?? [],
  );
  useHeading(mail.value ? mail.value.Subject || "(no subject)" : "");
  if (isMissing.value) return html`<${Missing} />`;
  if (!mail.value) return html`<p class="nothing" aria-busy="true"></p>`;

  const views = viewsOf(mail.value);
  const shown = views.find((one) => one.name.toLowerCase() === view.value) ?? views[0];
  return html`
    <${Head} mail=${mail.value} tags=${tags.value} />
    <${TabList}
      label="Views of the mail"
      names=${views.map(({ name, count }) => [name, count])}
      chosen=${shown?.name}
      choose=${(/** @type {string} */ name) => chooseView(id, name)}
      panel="view"
    />
    <div class="view" id="view" role="tabpanel" aria-label=${shown?.name}>
      ${shown && html`<${shown.View} mail=${mail.value} />`}
    </div>
  `;
}

/** The ways to look at a mail, in order; a new one is a file and a line here. @param {Mail} mail */
function viewsOf(mail) {
  const files = mail.Attachments.length + mail.Inline.length;
  return [
    ...(mail.HTML ? [{ name: "HTML", View: Preview }] : []),
    { name: "Text", View: Text },
    ...(files > 0 ? [{ name: "Files", View: Attachments, count: files }] : []),
    { name: "Links", View: Links },
    { name: "Headers", View: Headers },
    { name: "Source", View: Source },
    { name: "Conversation", View: Session },
  ];
}

/** @param {{ mail: Mail }} props */
const Text = ({ mail }) => html`<pre class="text" tabindex="0">${mail.Text || "(no text)"}</pre>`;

const Missing = () => html`
  <div class="nothing">
    <p>This mail is not here (any more).</p>
    <p><a href=${addressOf("mail")}>Back to the list</a></p>
  </div>
`;
