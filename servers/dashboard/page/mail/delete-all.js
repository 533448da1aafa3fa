import { counted } from "../format.js";
import { html } from "portside/page/html.js";
import { matches, query, removeAll } from "./state.js";

/** Asks before everything the list shows is deleted. @param {{ dialog: { current: HTMLDialogElement | null } }} props */
export function DeleteAll({ dialog }) {
  const close = () => dialog.current?.close();
  return html`
    <dialog ref=${dialog} class="question" aria-labelledby="delete-title">
      <h2 id="delete-title">
        Delete ${counted(matches.value, "mail")}${query.value && html` found by <q>${query.value}</q>`}?
      </h2>
      <p>They cannot be brought back.</p>
      <div class="choices">
        <button type="button" onClick=${close}>Keep</button>
        <button type="button" class="danger" onClick=${() => removeAll().finally(close)}>Delete</button>
      </div>
    </dialog>
  `;
}
