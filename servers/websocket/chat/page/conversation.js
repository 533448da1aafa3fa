import { useEffect, useRef } from "preact/hooks";
import { html } from "portside/page/html.js";
import { nick, place } from "./state.js";

/** @import { Line as ChatLine } from "./state.js" */

const time = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });

/** What was said where we are, the newest at the bottom, and in sight while one is there. */
export function Conversation() {
  /** @type {{ current: HTMLOListElement | null }} */
  const list = useRef(null);
  const isAtEnd = useRef(true);
  const { lines = [], name = "" } = place.value ?? {};
  useEffect(() => {
    if (isAtEnd.current && list.current) list.current.scrollTop = list.current.scrollHeight;
  }, [lines, name]);
  const scrolled = () => {
    if (!list.current) return;
    const { scrollTop, scrollHeight, clientHeight } = list.current;
    isAtEnd.current = scrollHeight - scrollTop - clientHeight < 40;
  };
  return html`<ol class="lines" ref=${list} onScroll=${scrolled} role="log" aria-label=${name} tabindex="0">
    ${lines.map((line, index) => Line(line, lines[index - 1]))}
    ${lines.length === 0 && html`<li class="nothing">Nothing has been said here yet.</li>`}
  </ol>`;
}

/**
 * Text is text: nothing of it is ever taken as markup.
 * @param {ChatLine} line
 * @param {ChatLine | undefined} before
 */
function Line(line, before) {
  if (line.kind === "note") return html`<li class="note">${line.text}</li>`;
  const follows = before?.kind === "said" && before.nick === line.nick && line.at - before.at < 120_000;
  return html`<li class=${`said ${line.nick === nick.value ? "own" : ""} ${follows ? "follows" : ""}`}>
    ${
      !follows &&
      html`<p class="who">
        <b class=${`shade-${shade(line.nick)}`}>${line.nick}</b>
        <time datetime=${new Date(line.at).toISOString()}>${time.format(line.at)}</time>
      </p>`
    }
    <p class="text">${line.text}</p>
  </li>`;
}

/** The same colour for the same name, on every page. @param {string} name */
export function shade(name) {
  let hash = 7;
  for (const letter of name.toLowerCase()) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 997;
  return hash % 6;
}
