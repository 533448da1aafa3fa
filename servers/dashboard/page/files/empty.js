import { useSignal } from "@preact/signals";
import { Copy } from "../copy.js";
import { html } from "portside/page/html.js";
import { Icon } from "../icons.js";
import { server } from "../server.js";
import { Ways } from "../ways.js";
import { chooseFiles } from "./drop.js";
import { waysToUpload } from "./ways-to-upload.js";

/** What is shown before the first file: where to upload it, and how. */
export function Empty() {
  const chosen = useSignal("curl");
  const { FTP, FTPS, FTPUser } = server.value;
  return html`
    <section class="empty" aria-labelledby="empty-title">
      <span class="emblem"><${Icon} name="folder" /></span>
      <h1 id="empty-title">Waiting for the first file</h1>
      <p>Upload it to</p>
      <p class="address"><code>${FTP}</code><${Copy} text=${FTP} what="the address" /></p>
      <p>${FTPUser ? html`Log in as <b>${FTPUser}</b>.` : "Any name, any password."}</p>
      ${FTPS && html`<p>With TLS: AUTH TLS here, or <code>${FTPS}</code></p>`}
      <${Ways} label="Ways to upload" ways=${waysToUpload(FTP, FTPUser)} chosen=${chosen} />
      <p>Or drop files on this page.</p>
      <button type="button" class="main" onClick=${chooseFiles}>
        <${Icon} name="upload" /> Upload files
      </button>
    </section>
  `;
}
