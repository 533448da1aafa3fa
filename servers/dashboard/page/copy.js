import { useSignal } from "@preact/signals";
import { complaint } from "./api.js";
import { html } from "portside/page/html.js";
import { Icon } from "./icons.js";

/**
 * A button that copies a text.
 * @param {{ text: string, what: string }} props `what` is copied, for those who hear the page
 */
export function Copy({ text, what }) {
  const isDone = useSignal(false);
  const copy = async () => {
    if (!(await put(text))) {
      complaint.value = "The browser lets this page copy nothing: select the text and press Ctrl+C.";
      return;
    }
    isDone.value = true;
    setTimeout(() => (isDone.value = false), 1500);
  };
  return html`
    <button
      class="quiet copy"
      type="button"
      onClick=${copy}
      title=${`Copy ${what}`}
      aria-label=${`Copy ${what}`}
    >
      <${Icon} name=${isDone.value ? "done" : "copy"} />
    </button>
    <span class="unseen" role="status">${isDone.value && "Copied"}</span>
  `;
}

/** Put a text into the clipboard, if the browser lets us. @param {string} text */
async function put(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return putSelected(text);
  }
}

/** The same for pages of plain http on another host, which have no `navigator.clipboard`. @param {string} text */
function putSelected(text) {
  const focused = /** @type {HTMLElement | null} */ (document.activeElement);
  const field = document.createElement("textarea");
  field.className = "unseen";
  field.value = text;
  document.body.append(field);
  field.select();
  const isDone = document.execCommand("copy");
  field.remove();
  focused?.focus();
  return isDone;
}
