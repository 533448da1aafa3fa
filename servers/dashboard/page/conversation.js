import { clockTime } from "./format.js";
import { html } from "portside/page/html.js";
import { addressOf } from "./route.js";

/**
 * @typedef {{ Protocol: string, Sequence: number, At: string, Connection: number, From: "C" | "S" | "*", Text: string }} Entry
 */

/** Who said it, as a sign and in words. */
const speakers = { C: ["→", "Client"], S: ["←", "Server"], "*": ["·", "Event"] };

/**
 * A conversation, line by line, with time and direction.
 * @param {{ entries: Entry[], hasConnections?: boolean, hasProtocols?: boolean }} props
 *   `hasConnections`: say whose line it is; `hasProtocols`: and of which server
 */
export const Conversation = ({ entries, hasConnections = false, hasProtocols = false }) => html`
  <ol class="conversation">
    ${entries.map((entry) => {
      const [sign, words] = speakers[entry.From];
      return html`
        <li key=${`${entry.Protocol}-${entry.Sequence}`} class=${`from-${words?.toLowerCase()}`}>
          <time datetime=${entry.At}>${clockTime(entry.At)}</time>
          ${
            hasConnections &&
            html`<a class="connection" href=${addressOf("wire", `${entry.Protocol}-${entry.Connection}`)}>
              ${hasProtocols && `${entry.Protocol} `}#${entry.Connection}
            </a>`
          }
          <span class="sign" aria-hidden="true">${sign}</span><span class="unseen">${words}: </span>
          <code>${entry.Text}</code>
        </li>
      `;
    })}
  </ol>
`;
