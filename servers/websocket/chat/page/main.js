import { effect } from "@preact/signals";
import { render } from "preact";
import { html } from "portside/page/html.js";
import { applyTheme } from "portside/page/theme.js";
import { comeIn } from "./chat.js";
import { change, connection, current, nick, place, places, show, trouble, unread } from "./state.js";
import { Shell } from "./shell.js";

applyTheme();

/** The page, or the door to it. */
function Page() {
  return nick.value === "" ? html`<${Door} />` : html`<${Shell} />`;
}

function Door() {
  /** @param {Event & { target: HTMLFormElement }} event */
  const submit = (event) => {
    event.preventDefault();
    const [name, room] = /** @type {[HTMLInputElement, HTMLInputElement]} */ ([...event.target.elements]);
    const rooms = room.value.split(/[\s,]+/).filter(Boolean);
    comeIn(
      name.value.trim(),
      rooms.map((one) => (one.startsWith("#") ? one : `#${one}`)),
    );
  };
  const query = new URLSearchParams(location.search);
  return html`<main class="door">
    <form onSubmit=${submit}>
      <h1>Come in</h1>
      <label
        >Your name<input
          name="nick"
          required
          pattern="[A-Za-z_][A-Za-z0-9_\\-]*"
          maxlength="30"
          value=${query.get("nick") ?? localStorage.getItem("nick") ?? ""}
          autofocus
      /></label>
      <label>Room<input name="room" required value=${query.get("room") ?? "#tea"} /></label>
      <p class="trouble" role="alert">${trouble.value}</p>
      <button class="main" disabled=${connection.value === "coming"}>Join</button>
    </form>
  </main>`;
}

effect(() => {
  const name = place.value?.name ?? "Chat";
  document.title = `${unread.value > 0 ? `(${unread.value}) ` : ""}${name} · Portside`;
});

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible" && place.value) change(place.value.name, () => ({ unread: 0 }));
});

// Alt and the arrows go from room to room; a letter begins a message.
document.addEventListener("keydown", (event) => {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (event.altKey && step) {
    const keys = [...places.value.keys()];
    const next = keys[(keys.indexOf(current.value) + step + keys.length) % keys.length];
    if (next !== undefined) show(next);
    event.preventDefault();
  } else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) {
    if (!(event.target instanceof HTMLInputElement) && event.key !== " ")
      document.querySelector(/** @type {"input"} */ ("#text"))?.focus();
  }
});

render(html`<${Page} />`, document.body);
