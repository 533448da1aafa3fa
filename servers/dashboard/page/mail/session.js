import { useAnswer } from "../answer.js";
import { Conversation } from "../conversation.js";
import { html } from "portside/page/html.js";

/** How the mail came: envelope, client, and the conversation that brought it. @param {{ mail: import("./message.js").Mail }} props */
export function Session({ mail }) {
  const session = useAnswer(`message/${mail.ID}/session`);
  if (!session) return null;
  const { Envelope, TLS, Auth, Flags, Transcript } = session;
  return html`
    <div class="session">
      <dl class="headers">
        <${Fact} name="MAIL FROM" value=${`<${Envelope.MailFrom}>${parameters(Envelope.Parameters)}`} />
        ${Envelope.RcptTo.map(
          (/** @type {any} */ one) =>
            html`<${Fact} name="RCPT TO" value=${`<${one.Address}>${parameters(one.Parameters)}`} />`,
        )}
        <${Fact} name="Client" value=${[session.ClientName, address(session)].filter(Boolean).join(" at ")} />
        <${Fact} name="Protocol" value=${session.Protocol} />
        <${Fact} name="TLS" value=${TLS ? `${TLS.Version}, ${TLS.Cipher}` : "none"} />
        <${Fact} name="AUTH" value=${Auth ? `${Auth.Mechanism}, user ${Auth.User}` : "none"} />
      </dl>
      ${Flags.length > 0 && html`<${Objections} flags=${Flags} />`}
      ${
        Transcript.length > 0
          ? html`<${Conversation} entries=${Transcript} />`
          : html`<p class="nothing">This mail came over REST, without a conversation.</p>`
      }
    </div>
  `;
}

/** @param {{ flags: string[] }} props */
const Objections = ({ flags }) => html`
  <div class="objections">
    <h2>A strict server would have objected</h2>
    <ul>
      ${flags.map((flag) => html`<li>${flag}</li>`)}
    </ul>
  </div>
`;

/** @param {{ name: string, value: string }} props */
const Fact = ({ name, value }) =>
  value &&
  html`
    <div>
      <dt>${name}</dt>
      <dd>${value}</dd>
    </div>
  `;

/** @param {{ ClientAddress: string, ClientPort: number }} client */
const address = ({ ClientAddress, ClientPort }) =>
  ClientAddress && `${ClientAddress.includes(":") ? `[${ClientAddress}]` : ClientAddress}:${ClientPort}`;

/** @param {Record<string, string | true>} given */
const parameters = (given) =>
  Object.entries(given)
    .map(([name, value]) => (value === true ? ` ${name}` : ` ${name}=${value}`))
    .join("");
