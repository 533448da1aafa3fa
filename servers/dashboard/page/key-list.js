import { html } from "portside/page/html.js";
import { Icon } from "./icons.js";
import { server } from "./server.js";

/**
 * What the keys do, as a dialog.
 * @param {{ dialog: { current: HTMLDialogElement | null }, tab: import("./tabs.js").Tab | undefined }} props
 */
export const KeyList = ({ dialog, tab }) => html`
  <dialog ref=${dialog} class="key-list" aria-labelledby="key-list-title">
    <header>
      <h2 id="key-list-title">Keys</h2>
      <button type="button" class="quiet" aria-label="Close" onClick=${() => dialog.current?.close()}>
        <${Icon} name="close" />
      </button>
    </header>
    <dl>
      ${[...(tab?.keys ?? []), ["?", "Show this list"], ["Esc", "Close"]].map(
        ([keys = "", does]) => html`
          <div>
            <dt>${keys.split(" ").map((key) => html`<kbd>${key}</kbd>`)}</dt>
            <dd>${does}</dd>
          </div>
        `,
      )}
    </dl>
    <footer>Portside ${server.value.Version} · <a href="api/v1/openapi.json">REST description</a></footer>
  </dialog>
`;
