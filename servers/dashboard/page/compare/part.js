import { useSignal } from "@preact/signals";
import { html } from "portside/page/html.js";
import { span } from "../format.js";

/** @typedef {import("./state.js").Field} Field */

/** So many bytes of a part are written out. */
const mostShown = 160;

/**
 * A part of a conversation: its bytes, and a word on each of its fields. The field under the pointer or the focus shows
 * which bytes are its own.
 * @param {{ part: import("./state.js").Part }} props
 */
export function PartView({ part }) {
  const meant = useSignal(/** @type {Field | undefined} */ (undefined));
  const isClient = part.From === "client";
  const isPlain = part.Channel === "connection" || part.Channel === "datagrams";
  return html`
    <details class=${`part ${isClient ? "from-client" : "from-server"}`} open>
      <summary>
        <span class="sign" aria-hidden="true">${isClient ? "→" : "←"}</span>
        <span class="unseen">${isClient ? "Client: " : "Server: "}</span>
        <span class="title">${part.Title}</span>
        ${!isPlain && html`<span class="tag">${part.Channel}</span>`}
        <span class="took">${span(part.AtMs)}</span>
      </summary>
      ${part.Size > 0 && html`<${Bytes} part=${part} meant=${meant.value} />`}
      ${part.Fields.length > 0 && html`<${Fields} part=${part} mean=${(/** @type {Field | undefined} */ field) => (meant.value = field)} />`}
    </details>
  `;
}

/** @param {{ part: import("./state.js").Part, meant: Field | undefined }} props */
function Bytes({ part, meant }) {
  const bytes = (part.Hex.match(/../g) ?? []).slice(0, mostShown);
  /** @param {number} at */
  const isMeant = (at) => meant && at >= meant.Offset && at < meant.Offset + meant.Length;
  return html`
    <p class="bytes">
      ${bytes.map((byte, at) => html`<code class=${isMeant(at) ? "meant" : undefined}>${byte}</code> `)}
      ${part.Size > bytes.length && html`<span class="rest">and ${part.Size - bytes.length} more</span>`}
    </p>
  `;
}

/** @param {{ part: import("./state.js").Part, mean: (field: Field | undefined) => void }} props */
const Fields = ({ part, mean }) => html`
  <table class="fields" onKeyDown=${moveFocus} onMouseLeave=${() => mean(undefined)}>
    <thead>
      <tr>
        <th>At</th>
        <th>Bytes</th>
        <th>Field</th>
        <th>Value</th>
        <th>Meaning</th>
        <th>Source</th>
      </tr>
    </thead>
    <tbody>
      ${part.Fields.map(
        (field, index) => html`
          <tr
            tabindex=${index === 0 ? 0 : -1}
            onFocus=${() => mean(field)}
            onBlur=${() => mean(undefined)}
            onMouseEnter=${() => mean(field)}
          >
            <td class="at">${field.Offset}</td>
            <td class="own"><code>${ownBytes(field, part.Hex)}</code></td>
            <th scope="row">${field.Name}</th>
            <td class="value"><code>${field.Value}</code></td>
            <td class="meaning">${field.Meaning}</td>
            <td class="source">${field.Source}</td>
          </tr>
        `,
      )}
    </tbody>
  </table>
`;

/** `1... ....` for bits, `37 fa 21 3d` for bytes, `47 45 54 …` for many. @param {Field} field @param {string} hex */
function ownBytes({ Offset, Length, Bits, Value }, hex) {
  if (Bits) {
    const all = `${".".repeat(Bits.First)}${Value}`.padEnd(8, ".");
    return `${all.slice(0, 4)} ${all.slice(4)}`;
  }
  const own = hex.slice(Offset * 2, (Offset + Length) * 2).match(/../g) ?? [];
  return own.length > 4 ? `${own.slice(0, 3).join(" ")} …` : own.join(" ");
}

/** The arrow keys walk along the fields. @param {KeyboardEvent} event */
function moveFocus(event) {
  const row = /** @type {HTMLElement} */ (event.target).closest("tr");
  const next = { ArrowDown: row?.nextElementSibling, ArrowUp: row?.previousElementSibling }[event.key];
  if (!next) return;
  event.preventDefault();
  /** @type {HTMLElement} */ (next).focus();
}
