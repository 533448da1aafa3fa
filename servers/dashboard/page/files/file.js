import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { ask } from "../api.js";
import { Copy } from "../copy.js";
import { fullTime, size } from "../format.js";
import { html } from "portside/page/html.js";
import { Icon } from "../icons.js";
import { server } from "../server.js";
import { focusOn } from "./focus.js";
import { contentUrl, folderAddress, ftpAddress, nameOf, parent } from "./paths.js";
import { Preview } from "./preview.js";
import { askDelete, askName } from "./question.js";
import { entries } from "./state.js";

/** One file: what is known of it, what can be done with it, what is in it. @param {{ path: string, rest: string }} props */
export function FileView({ path, rest }) {
  const file = useSignal(/** @type {import("./state.js").Entry | undefined} */ (undefined));
  const isMissing = useSignal(false);
  const listed = entries.value.find((entry) => entry.Path === path);
  useEffect(() => {
    ask("files/stat", { path }).then(
      (entry) => {
        file.value = entry;
        isMissing.value = false;
      },
      () => (isMissing.value = true),
    );
  }, [path, listed?.Modified, listed?.Size]);
  const back = folderAddress(parent(path));
  const goOn = () => focusOn(path);
  if (isMissing.value) {
    return html`
      <section class="pane message" aria-label="File">
        <div class="nothing">
          <p>This file is not here (any more).</p>
          <p><a href=${back}>Back to the folder</a></p>
        </div>
      </section>
    `;
  }
  if (!file.value) return html`<section class="pane message" aria-label="File" aria-busy="true"></section>`;
  const { ContentType, Size, Modified } = file.value;
  const address = ftpAddress(server.value.FTP, path);
  return html`
    <section class="pane message" aria-label="File">
      <header class="head">
        <div class="title">
          <a class="quiet button back" href=${back} aria-label="Back to the folder" onClick=${goOn}
            ><${Icon} name="back"
          /></a>
          <h1 title=${nameOf(path)}>${nameOf(path)}</h1>
          <div class="actions">
            <a
              class="quiet button"
              href=${contentUrl(path, { dl: 1 })}
              download=${nameOf(path)}
              title="Download"
              aria-label="Download"
              ><${Icon} name="download"
            /></a>
            <button
              type="button"
              class="quiet"
              title="Rename (r)"
              aria-label="Rename"
              onClick=${() => askName(path, rest)}
            >
              <${Icon} name="pencil" />
            </button>
            <button
              type="button"
              class="quiet"
              title="Delete (Del)"
              aria-label="Delete"
              onClick=${() => askDelete(path, rest)}
            >
              <${Icon} name="trash" />
            </button>
            <a
              class="quiet button close"
              href=${back}
              title="Close (Esc)"
              aria-label="Close the file"
              onClick=${goOn}
              ><${Icon} name="close"
            /></a>
          </div>
        </div>
        <div class="facts">
          <span>${ContentType.split(";")[0]}</span>
          <span>${size(Size)}</span>
          <time datetime=${Modified}>${fullTime(Modified)}</time>
        </div>
        <p class="ftp-address"><code>${address}</code><${Copy} text=${address} what="the address" /></p>
      </header>
      <div class="view" key=${`${Modified} ${Size}`}><${Preview} file=${file.value} /></div>
    </section>
  `;
}
