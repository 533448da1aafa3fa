import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { html } from "portside/page/html.js";
import { ThemeButton } from "portside/page/theme-button.js";
import { close, leave, open } from "./chat.js";
import { Composer } from "./composer.js";
import { Conversation, shade } from "./conversation.js";
import { connection, current, nick, place, places, show } from "./state.js";

/** @import { Member } from "./state.js" */

/** On a narrow page, which of the two lists is open: `rooms`, `members`, or none. */
const drawer = signal("");
/** @param {"rooms" | "members"} name */
const toggle = (name) => (drawer.value = drawer.value === name ? "" : name);

/** The page when we are in. */
export function Shell() {
  useEffect(() => {
    /** @param {KeyboardEvent} event */
    const close = ({ key }) => {
      if (key === "Escape") drawer.value = "";
    };
    addEventListener("keydown", close);
    return () => removeEventListener("keydown", close);
  }, []);
  const { name = "", topic = "", members = [] } = place.value ?? {};
  const isRoom = name.startsWith("#");
  return html`<header class="top">
      <button class="quiet narrow" aria-expanded=${drawer.value === "rooms"} onClick=${() => toggle("rooms")}>
        ☰<span class="unseen">Rooms</span>
      </button>
      <h1>${name || "Chat"}</h1>
      <p class="topic" title=${topic}>${topic}</p>
      <span class="state" role="status" data-state=${connection.value}>${states[connection.value]}</span>
      ${
        isRoom &&
        html`<button
          class="narrow"
          aria-expanded=${drawer.value === "members"}
          onClick=${() => toggle("members")}
        >
          ${members.length}<span class="unseen"> members</span>
        </button>`
      }
      <${ThemeButton} />
    </header>
    <main class="talk" data-drawer=${drawer.value}>
      <nav class="rooms" aria-label="Rooms">${Rooms()}</nav>
      <section class="here">
        <${Conversation} />
        <${Composer} />
      </section>
      ${isRoom && html`<aside class="members" aria-label="Members">${Members(members)}</aside>`}
    </main>`;
}

const states = { in: "connected", coming: "connecting…", lost: "reconnecting…", out: "" };

function Rooms() {
  /** @param {Event & { target: HTMLFormElement }} event */
  const submit = (event) => {
    event.preventDefault();
    const [field] = /** @type {[HTMLInputElement]} */ ([...event.target.elements]);
    const name = field.value.trim();
    if (name !== "") open(name.startsWith("#") ? name : `#${name}`);
    field.value = "";
    drawer.value = "";
  };
  /** @param {string} name */
  const choose = (name) => () => {
    show(name);
    drawer.value = "";
  };
  return html`<ul>
      ${[...places.value].map(
        ([key, { name, unread }]) =>
          html`<li key=${key}>
            <button
              class="place"
              aria-current=${key === current.value ? "page" : undefined}
              onClick=${choose(name)}
            >
              <span>${name}</span>
              ${unread > 0 && html`<b class="unread">${unread}<span class="unseen"> unread</span></b>`}
            </button>
          </li>`,
      )}
    </ul>
    <form onSubmit=${submit}>
      <label class="unseen" for="room">Join a room</label>
      <input id="room" placeholder="Join a room…" autocomplete="off" maxlength="60" />
    </form>
    <div class="me">
      <b class=${`shade-${shade(nick.value)}`}>${nick.value}</b>
      <button onClick=${close} disabled=${!place.value}>Leave room</button>
      <button onClick=${leave}>Sign out</button>
    </div>`;
}

/** @param {readonly Member[]} members */
function Members(members) {
  return html`<h2>${members.length} here</h2>
    <ul>
      ${members.map(
        (member) =>
          html`<li key=${member.nick}>
            <button class="member" onClick=${() => open(member.nick)} disabled=${member.nick === nick.value}>
              <span class=${`shade-${shade(member.nick)}`}>${member.nick}</span>
              ${member.isOperator && html`<span class="tag" title="operator">op</span>`}
            </button>
          </li>`,
      )}
    </ul>`;
}
