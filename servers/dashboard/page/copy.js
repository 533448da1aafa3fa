import { useSignal } from "@preact/signals";
import { html } from "portside/page/html.js";
import { Icon } from "./icons.js";

/**
 * A button that copies a text.
 * @param {{ text: string, what: string }} props `what` is copied, for those who hear the page
 */
export function Copy({ text, what }) {
  const isDone = useSignal(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
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
  `;
}
