import { useSignal } from "@preact/signals";
import { change } from "../api.js";
import { Copy } from "../copy.js";
import { html } from "portside/page/html.js";
import { Icon } from "../icons.js";
import { server } from "../server.js";
import { Ways } from "../ways.js";
import { waysToSend } from "./ways-to-send.js";

/** What is shown before the first mail: where to send it, and how. */
export function Empty() {
  const chosen = useSignal("curl");
  const { SMTP } = server.value;
  if (!SMTP) return null;
  const ways = waysToSend(SMTP);
  const lines = ways[chosen.value] ?? "";
  return html`
    <section class="empty" aria-labelledby="empty-title">
      <span class="emblem"><${Icon} name="inbox" /></span>
      <h1 id="empty-title">Waiting for the first mail</h1>
      <p>Send it to</p>
      <p class="address"><code>${SMTP}</code><${Copy} text=${SMTP} what="the address" /></p>
      <p>Any recipient, any password. Every mail is kept here, and nothing is ever sent onward.</p>
      ${lines && html`<${Ways} label="Ways to send" ways=${ways} chosen=${chosen} />`}
      <button type="button" class="main" onClick=${putOne}>Put a test mail here</button>
    </section>
  `;
}

const putOne = () =>
  change("POST", "send", {
    From: { Name: "Portside", Email: "portside@example.com" },
    To: [{ Name: "Ann", Email: "ann@example.com" }],
    Subject: "Welcome aboard",
    Text: "This is what a mail looks like here. Your code is 493 817.\n\nhttps://example.com/verify?token=portside",
    HTML: `<div style="font: 16px/1.6 sans-serif; max-width: 32rem; margin: 2rem auto; padding: 0 1rem">
      <h1 style="font-weight: 600">Welcome aboard</h1>
      <p>This is what a mail looks like here. Your code is <b>493 817</b>.</p>
      <p><a href="https://example.com/verify?token=portside">Verify the address</a></p>
    </div>`,
  });
