import { html } from "portside/page/html.js";
import { Icon } from "../icons.js";
import { queryError, search, typed } from "./state.js";

const help =
  'Words, or from: to: subject: tag: is:unread has:attachment after: before: larger: — "-" negates';

/** The search, as one types. */
export const SearchField = () => html`
  <div class="search" role="search">
    <label>
      <span class="unseen">Search mails</span>
      <${Icon} name="search" />
      <input
        type="search"
        placeholder="Search"
        title=${help}
        autocomplete="off"
        spellcheck="false"
        value=${typed.value}
        aria-invalid=${queryError.value !== ""}
        aria-describedby="search-error"
        onInput=${(/** @type {Event} */ event) => search(/** @type {HTMLInputElement} */ (event.currentTarget).value)}
      />
      <kbd aria-hidden="true">/</kbd>
    </label>
    <p id="search-error" role="status">${queryError.value}</p>
  </div>
`;
