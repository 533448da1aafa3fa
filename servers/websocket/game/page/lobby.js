import { signal } from "@preact/signals";
import { html } from "portside/page/html.js";
import { complaint, isLive, join, rooms } from "./stream.js";

/** @import { RoomListing } from "portside/wire/pong/messages.js" */

const name = signal(localStorage.getItem("portside-game-name") ?? "");
/** @type {import("@preact/signals").Signal<"binary" | "json">} */
const form = signal("binary");

/** @param {{ room?: string, as?: "player" | "spectator" }} wish */
function come(wish) {
  const called = name.value.trim();
  localStorage.setItem("portside-game-name", called);
  join({ ...wish, form: form.value, ...(called ? { name: called } : {}) });
}

/** @type {Readonly<Record<string, string>>} */
const words = {
  waiting: "waiting for a player",
  countdown: "about to begin",
  playing: "being played",
  paused: "paused",
  over: "over",
};

/** Who one is, and where to play or watch. */
export function Lobby() {
  return html`
    <div class="lobby">
      <form
        onSubmit=${(/** @type {Event} */ event) => {
          event.preventDefault();
          come({});
        }}
      >
        <h1>Pong for two</h1>
        <label class="field">
          <span>Your name</span>
          <input
            name="name"
            maxlength="24"
            autocomplete="nickname"
            placeholder="Player"
            value=${name.value}
            onInput=${(/** @type {{ currentTarget: HTMLInputElement }} */ { currentTarget }) =>
              (name.value = currentTarget.value)}
          />
        </label>
        <label class="field">
          <span>Snapshots come</span>
          <select
            name="form"
            onChange=${(/** @type {{ currentTarget: HTMLSelectElement }} */ { currentTarget }) =>
              (form.value = currentTarget.value === "json" ? "json" : "binary")}
          >
            <option value="binary">in 26 bytes</option>
            <option value="json">as JSON</option>
          </select>
        </label>
        <button class="main" disabled=${!isLive.value}>Play</button>
      </form>
      ${complaint.value && html`<p class="complaint" role="alert">${complaint.value}</p>`}
      <section aria-label="Rooms">
        <h2>Rooms</h2>
        ${
          rooms.value.length === 0
            ? html`<p class="soft">None yet. The first who plays opens one.</p>`
            : html`<ul class="rooms">
                ${rooms.value.map((room) => html`<${RoomLine} key=${room.room} room=${room} />`)}
              </ul>`
        }
      </section>
    </div>
  `;
}

/** @param {{ room: RoomListing }} props */
function RoomLine({ room }) {
  const { room: called, players, score, spectators } = room;
  const isFull = players.every((one) => one !== null);
  return html`
    <li>
      <div class="what">
        <strong>${called}</strong>
        <span>${players.map((one) => one ?? "free seat").join(" and ")}</span>
        <span class="soft">
          ${words[room.phase]}${room.phase === "waiting" ? "" : `, ${score[0]} : ${score[1]}`}${
            spectators > 0 ? `, ${spectators} watching` : ""
          }
        </span>
      </div>
      ${
        !isFull &&
        html`<button type="button" class="main" onClick=${() => come({ room: called })}>Join</button>`
      }
      <button type="button" onClick=${() => come({ room: called, as: "spectator" })}>Watch</button>
    </li>
  `;
}
