import { signal } from "@preact/signals";
import { html } from "portside/page/html.js";

/** @type {[label: string, fault: object, effect: string][]} */
const faults = [
  ["Drop an update", { kind: "drop" }, "The next number is missing: the book is asked for again."],
  [
    "Swap two updates",
    { kind: "reorder" },
    "The second one comes first: a gap, and the book is asked for again.",
  ],
  ["Double an update", { kind: "duplicate" }, "It is known already, and nothing happens."],
  ["Cross the book", { kind: "crossed-book" }, "A bid above the best ask: the checksum does not fit."],
  ["Cut the connection", { kind: "cut" }, "A reset. The page dials again, and has the book a second later."],
];

const said = signal("");

/**
 * What can go wrong, to be tried out: it happens once to everybody who hears this book.
 * @param {{ symbol: string }} props
 */
export function Faults({ symbol }) {
  /** @param {object} fault @param {string} effect */
  const cause = async (fault, effect) => {
    const answer = await fetch("control/faults", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ ...fault, symbol }),
    });
    said.value = answer.ok ? effect : await answer.text();
  };
  return html`
    <details class="faults">
      <summary>What can go wrong</summary>
      <p>
        ${faults.map(
          ([label, fault, effect]) =>
            html`<button onClick=${() => void cause(fault, effect)}>${label}</button> `,
        )}
      </p>
      <p role="status">${said.value}</p>
    </details>
  `;
}
