/**
 * The connection to the game, and what is known from it. What the other end of a connection does with messages is
 * `wire/pong/player.ts`, the same code that clients and tests use; here is the socket, and the signals that the page
 * is drawn from.
 */
import { batch, signal } from "@preact/signals";
import { readServerMessage, writeClientMessage } from "portside/wire/pong/forms.js";
import { PongPlayer } from "portside/wire/pong/player.js";

/** @import { ClientMessage, Form, LagMessage, PlayersMessage, RoomListing, WelcomeMessage } from "portside/wire/pong/messages.js" */

export const player = new PongPlayer();

/** Whether the server hears us. */
export const isLive = signal(false);
/** Why nothing goes on, in words of the server. */
export const complaint = signal("");
/** @type {import("@preact/signals").Signal<readonly RoomListing[]>} */
export const rooms = signal([]);
/** @type {import("@preact/signals").Signal<WelcomeMessage | undefined>} */
export const welcome = signal(undefined);
/** @type {import("@preact/signals").Signal<PlayersMessage | undefined>} */
export const players = signal(undefined);
export const phase = signal("waiting");
export const scoreLeft = signal(0);
export const scoreRight = signal(0);
/** @type {import("@preact/signals").Signal<number | undefined>} */
export const winner = signal(undefined);
/** Until the countdown or the pause is over. */
export const seconds = signal(0);
export const isPredicting = signal(true);
/** @type {import("@preact/signals").Signal<Omit<LagMessage, "type">>} */
export const lag = signal({ latencyMs: 0, jitterMs: 0, lossPercent: 0 });
export const statistics = signal(player.statistics);

/** The server says something 20 times a second; after such a silence the connection is dead, whatever it says itself. */
const silenceMs = 3_000;
const tokenKey = "portside-game-token";

/** @type {WebSocket | undefined} */
let socket;
/** @type {Form} */
let form = "binary";
let retryMs = 250;
let heardMs = 0;

/** Connect, and stay connected. */
export function start() {
  connect();
  setInterval(upkeep, 1000 / 60);
  setInterval(() => (statistics.value = player.statistics), 250);
}

/**
 * Say something; nothing is said while there is no connection.
 * @param {ClientMessage | undefined} message
 */
export function say(message) {
  if (message && socket?.readyState === WebSocket.OPEN) socket.send(writeClientMessage(message, form));
}

/**
 * Come into a room.
 * @param {{ room?: string, name?: string, as?: "player" | "spectator", form?: Form }} wish
 */
export function join(wish) {
  form = wish.form ?? "binary";
  complaint.value = "";
  say({ type: "join", ...wish, form });
}

/** @param {Omit<LagMessage, "type">} wish */
export function setLag(wish) {
  lag.value = wish;
  say({ type: "lag", ...wish });
}

/** @param {boolean} is */
export function setPredicting(is) {
  isPredicting.value = is;
  player.isPredicting = is;
}

function connect() {
  const url = new URL("stream", location.href);
  url.protocol = url.protocol.replace("http", "ws");
  url.hash = "";
  const opening = new WebSocket(url);
  opening.binaryType = "arraybuffer";
  socket = opening;
  heardMs = performance.now();
  opening.addEventListener("open", () => {
    isLive.value = true;
    retryMs = 250;
    const token = sessionStorage.getItem(tokenKey);
    if (token) say({ type: "join", token, form });
    if (lag.value.latencyMs + lag.value.jitterMs + lag.value.lossPercent > 0)
      say({ type: "lag", ...lag.value });
  });
  opening.addEventListener("message", ({ data }) => socket === opening && hear(data));
  opening.addEventListener("close", ({ code, reason }) => socket === opening && lost(code, reason));
}

/**
 * @param {number} code
 * @param {string} reason
 */
function lost(code, reason) {
  isLive.value = false;
  if (code === 1008) {
    // We did something that must not be done again at once, or play in another window now.
    complaint.value = reason;
    sessionStorage.removeItem(tokenKey);
    welcome.value = undefined;
    return;
  }
  setTimeout(connect, retryMs);
  retryMs = Math.min(4_000, retryMs * 2);
}

/** @param {string | ArrayBuffer} data */
function hear(data) {
  heardMs = performance.now();
  const message = readServerMessage(typeof data === "string" ? data : new Uint8Array(data), player.snapshot);
  player.hear(message, heardMs);
  batch(() => {
    if (message.type === "rooms") rooms.value = message.rooms;
    if (message.type === "players") players.value = message;
    if (message.type === "welcome") {
      welcome.value = message;
      if (message.token) sessionStorage.setItem(tokenKey, message.token);
    }
    if (message.type === "left") {
      sessionStorage.removeItem(tokenKey);
      welcome.value = undefined;
      players.value = undefined;
    }
    if (message.type === "refused") refused(message);
    told();
  });
}

/** @param {{ readonly what: string, readonly reason: string }} refusal */
function refused({ what, reason }) {
  // A token that has grown too old is no news to somebody who has just opened the page.
  if (what === "join" && sessionStorage.getItem(tokenKey)) {
    sessionStorage.removeItem(tokenKey);
    if (!welcome.value) return;
    welcome.value = undefined;
    complaint.value = "Your seat is gone: the server was started anew, or you were away for too long.";
    return;
  }
  complaint.value = reason;
}

function told() {
  const { snapshot } = player;
  if (!snapshot) return;
  phase.value = snapshot.phase;
  [scoreLeft.value, scoreRight.value] = snapshot.score;
  winner.value = snapshot.winner;
  seconds.value = Math.ceil(snapshot.until / 60);
}

function upkeep() {
  const nowMs = performance.now();
  for (const message of player.upkeep(nowMs)) say(message);
  if (!welcome.value || socket?.readyState !== WebSocket.OPEN || nowMs - heardMs < silenceMs) return;
  // Closing would wait for an answer that does not come. The seat is taken again with its token.
  isLive.value = false;
  socket.close();
  connect();
}
