import { html } from "portside/page/html.js";
import { CourtView } from "./court-view.js";
import { LagPanel } from "./lag-panel.js";
import { complaint, phase, players, say, scoreLeft, scoreRight, seconds, welcome, winner } from "./stream.js";

/** A room from inside: names and score, the court, what is going on, and the lag panel. */
export function Table() {
  return html`
    <div class="table">
      <section class="play" aria-label="Game">
        <header class="score">
          <${Name} side=${0} />
          <p class="points" aria-label="Score">
            <span>${scoreLeft.value}</span><span aria-hidden="true">:</span><span>${scoreRight.value}</span>
          </p>
          <${Name} side=${1} />
        </header>
        <div class="stage">
          <${CourtView} />
          <${Message} />
        </div>
        <footer class="under">
          <span>${about()}</span>
          <span class="how">
            ${
              welcome.value?.side === null
                ? "You are watching."
                : html`<span class="for-keys"><kbd>↑</kbd> <kbd>↓</kbd> or <kbd>W</kbd> <kbd>S</kbd></span
                    ><span class="for-touch">Hold the court where the paddle shall go</span>`
            }
          </span>
          <button type="button" onClick=${() => say({ type: "leave" })}>Leave</button>
        </footer>
        ${complaint.value && html`<p class="complaint" role="alert">${complaint.value}</p>`}
      </section>
      <${LagPanel} />
    </div>
  `;
}

function about() {
  const { room, pointsToWin } = welcome.value ?? {};
  const watching = players.value?.spectators ?? 0;
  const end = pointsToWin === 1 ? "the first point wins" : `to ${pointsToWin} points`;
  return `${room}, ${end}${watching > 0 ? `, ${watching} watching` : ""}`;
}

/** @param {{ side: 0 | 1 }} props */
function Name({ side }) {
  const there = players.value?.players[side];
  const isYou = welcome.value?.side === side;
  return html`
    <p class="name side-${side} ${there && !there.isHere ? "is-gone" : ""}">
      <span class="who">${there?.name ?? "Free seat"}</span>
      ${isYou && html`<span class="tag">you</span>`}
    </p>
  `;
}

/** What is going on when nobody plays. */
function Message() {
  const lines = {
    waiting: [
      "Waiting for a second player",
      "Open this page in another window, or send somebody its address.",
    ],
    countdown: [String(seconds.value), ""],
    playing: ["", ""],
    paused: [`${gone()} is gone`, `The game goes on when they are back within ${seconds.value} s.`],
    over: [result(), ""],
  };
  const [title, text] = lines[/** @type {keyof typeof lines} */ (phase.value)];
  if (!title) return html`<div class="message" role="status"></div>`;
  return html`
    <div class="message is-${phase.value}" role="status">
      <h2>${title}</h2>
      ${text && html`<p>${text}</p>`} ${phase.value === "over" && html`<${Rematch} />`}
    </div>
  `;
}

function Rematch() {
  const { side } = welcome.value ?? {};
  const seats = players.value?.players;
  if (side === null || side === undefined || !seats) return "";
  const other = seats[side === 0 ? 1 : 0];
  if (!other) return html`<p>The other seat is free. Somebody may come and want a game.</p>`;
  if (seats[side]?.wantsRematch) return html`<p>Waiting for ${other.name} to agree.</p>`;
  return html`
    ${other.wantsRematch && html`<p>${other.name} wants another game.</p>`}
    <button class="main" type="button" onClick=${() => say({ type: "rematch" })}>Play again</button>
  `;
}

function gone() {
  const away = players.value?.players.find((one) => one && !one.isHere);
  return away?.name ?? "Somebody";
}

function result() {
  const won = winner.value;
  if (won === undefined) return "Over";
  const points = won === 0 ? [scoreLeft.value, scoreRight.value] : [scoreRight.value, scoreLeft.value];
  const who =
    won === welcome.value?.side ? "You win" : `${players.value?.players[won]?.name ?? "The other one"} wins`;
  return `${who}, ${points[0]} to ${points[1]}`;
}
