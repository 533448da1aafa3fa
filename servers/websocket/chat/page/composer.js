import { useEffect, useRef } from "preact/hooks";
import { html } from "portside/page/html.js";
import { say } from "./chat.js";
import { connection, place } from "./state.js";

/** Where one writes: Enter says it, the arrow up brings back what was said last, Tab completes a nick. */
export function Composer() {
  /** @type {{ current: HTMLInputElement | null }} */
  const field = useRef(null);
  const past = useRef({ said: /** @type {string[]} */ ([]), at: 0 });
  /** @param {Event} event */
  const submit = (event) => {
    event.preventDefault();
    if (!field.current) return;
    const text = field.current.value.trim();
    if (text === "") return;
    past.current.said.push(text);
    past.current.at = past.current.said.length;
    say(text);
    field.current.value = "";
  };
  /** @param {-1 | 1} step */
  const recall = (step) => {
    const { said, at } = past.current;
    past.current.at = Math.max(0, Math.min(said.length, at + step));
    if (field.current) field.current.value = said[past.current.at] ?? "";
  };
  /** @param {KeyboardEvent} event */
  const keys = (event) => {
    if (event.altKey) return;
    if (event.key === "ArrowUp") recall(-1);
    else if (event.key === "ArrowDown") recall(1);
    else if (event.key === "Tab" && field.current && complete(field.current)) event.preventDefault();
  };
  const isIn = connection.value === "in";
  // The door is gone with what had the focus, and a field that was off while nobody was connected has lost it.
  useEffect(() => {
    if (isIn && document.activeElement === document.body) field.current?.focus();
  }, [isIn]);
  return html`<form class="composer" onSubmit=${submit}>
    <label class="unseen" for="text">Message</label>
    <input
      id="text"
      ref=${field}
      autocomplete="off"
      maxlength="400"
      placeholder=${isIn ? `Message ${place.value?.name ?? ""}` : "Connecting…"}
      disabled=${!isIn}
      onKeyDown=${keys}
    />
    <button class="main" disabled=${!isIn}>Send</button>
  </form>`;
}

/**
 * @param {HTMLInputElement} field
 * @returns whether there was something to complete
 */
function complete(field) {
  const [, before = "", begun = ""] = /^(.*?)(\S+)$/s.exec(field.value) ?? [];
  const names = (place.value?.members ?? []).map(({ nick }) => nick);
  const found =
    begun === "" ? undefined : names.find((name) => name.toLowerCase().startsWith(begun.toLowerCase()));
  if (!found) return false;
  field.value = `${before}${found}${before === "" ? ": " : " "}`;
  return true;
}
