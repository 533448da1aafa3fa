/** Keys, mouse and fingers, as directions. */
import { player, say } from "./stream.js";

/** @type {Readonly<Record<string, -1 | 1>>} */
const keys = { ArrowUp: -1, ArrowDown: 1, KeyW: -1, KeyS: 1 };

/** Nearer than this to the finger the paddle rests, in sixteenths of a pixel. */
const nearEnough = 150;

/** The keys that are held, the last one counts. @type {(-1 | 1)[]} */
let held = [];
/** Where a finger or the mouse holds the court, as `y` of a paddle. @type {number | undefined} */
let pointerY;

/** @param {-1 | 0 | 1} direction */
const steer = (direction) => say(player.steer(direction, performance.now()));

/**
 * Whether a key is for the field it is pressed in: arrows move a slider, but letters say nothing to it.
 * @param {EventTarget | null} target
 * @param {string} code
 */
const isFor = (target, code) =>
  target instanceof HTMLSelectElement ||
  (target instanceof HTMLInputElement && (target.type === "text" || code.startsWith("Arrow")));

/** Steer with the keys from now on; the result ends it. */
export function listenToKeys() {
  /** @param {KeyboardEvent} event */
  const down = (event) => {
    const direction = keys[event.code];
    if (direction === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    if (isFor(event.target, event.code)) return;
    event.preventDefault();
    if (event.repeat) return;
    held = [...held.filter((one) => one !== direction), direction];
    steer(direction);
  };
  /** @param {KeyboardEvent} event */
  const up = ({ code }) => {
    const direction = keys[code];
    if (direction === undefined) return;
    held = held.filter((one) => one !== direction);
    steer(held.at(-1) ?? 0);
  };
  // A key that is let go in another window is not heard.
  const away = () => {
    held = [];
    pointerY = undefined;
    steer(0);
  };
  addEventListener("keydown", down);
  addEventListener("keyup", up);
  addEventListener("blur", away);
  return () => {
    removeEventListener("keydown", down);
    removeEventListener("keyup", up);
    removeEventListener("blur", away);
  };
}

/** @param {number | undefined} y nothing when the court is let go */
export function holdCourt(y) {
  if (pointerY !== undefined && y === undefined) steer(held.at(-1) ?? 0);
  pointerY = y;
}

/** At each frame: the paddle goes to where the finger is. @param {number} paddleY */
export function followPointer(paddleY) {
  if (pointerY === undefined) return;
  const way = pointerY - paddleY;
  steer(Math.abs(way) < nearEnough ? 0 : way < 0 ? -1 : 1);
}
