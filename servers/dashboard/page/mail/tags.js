import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { change } from "../api.js";
import { html } from "portside/page/html.js";
import { Icon } from "../icons.js";

/** The tags of a mail, to change. @param {{ id: string, tags: string[] }} props */
export function Tags({ id, tags }) {
  const isAdding = useSignal(false);
  /** @type {{ current: HTMLButtonElement | null }} */
  const addButton = useRef(null);
  // What was pressed or typed into goes away with what it did; the focus goes on here.
  const hasChanged = useRef(false);
  useLayoutEffect(() => {
    if (!hasChanged.current || document.activeElement !== document.body) return;
    hasChanged.current = false;
    addButton.current?.focus();
  });
  /** @param {string[]} next */
  const set = (next) => {
    hasChanged.current = true;
    return change("PUT", "tags", { IDs: [id], Tags: next });
  };
  /** @param {Event} event */
  const add = (event) => {
    const words = /** @type {HTMLInputElement} */ (event.currentTarget).value.trim();
    if (words) void set([...tags, words]);
    isAdding.value = false;
  };
  return html`
    <span class="tags">
      ${tags.map((tag) => html`<${Tag} key=${tag} tag=${tag} remove=${() => set(tags.filter((one) => one !== tag))} />`)}
      ${
        isAdding.value
          ? html`<input
              class="tag"
              aria-label="New tag"
              size="12"
              ref=${(/** @type {HTMLInputElement | null} */ field) => field?.focus()}
              onChange=${add}
              onBlur=${() => (isAdding.value = false)}
            />`
          : html`<button
              ref=${addButton}
              type="button"
              class="tag add"
              onClick=${() => (isAdding.value = true)}
            >
              <${Icon} name="tag" /> Add tag
            </button>`
      }
    </span>
  `;
}

/** @param {{ tag: string, remove: () => unknown }} props */
const Tag = ({ tag, remove }) => html`
  <span class="tag">
    ${tag}
    <button type="button" aria-label=${`Remove the tag ${tag}`} onClick=${remove}>
      <${Icon} name="close" />
    </button>
  </span>
`;
