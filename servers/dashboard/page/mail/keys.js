import { go } from "../route.js";
import { mark, neighbour, remove } from "./state.js";

/** What the keys do while mails are shown. @param {string} openId @returns {import("../keys.js").Keys} */
export function mailKeys(openId) {
  /** The mail that is meant: the one with the focus, or else the open one. */
  const meant = () => document.activeElement?.closest("[data-mail]")?.getAttribute("data-mail") ?? openId;
  /** @param {number} lines */
  const move = (lines) => () => {
    const at = rows().findIndex((row) => row.dataset.mail === meant());
    const row = rows()[at === -1 ? 0 : at + lines];
    row?.focus();
    // With a mail open the next one opens; without, Enter opens it.
    if (openId && row) location.hash = row.hash;
  };
  return {
    j: move(1),
    k: move(-1),
    ArrowDown: move(1),
    ArrowUp: move(-1),
    "/": () => document.querySelector(/** @type {"input"} */ (".search input"))?.focus(),
    u: () => void (meant() && mark(meant(), false)),
    Escape: () => {
      go("mail");
      // Where the list was hidden, the focus would be lost with the mail.
      const focus = () =>
        rows()
          .find((row) => row.dataset.mail === openId)
          ?.focus();
      if (openId) addEventListener("hashchange", () => requestAnimationFrame(focus), { once: true });
    },
    Delete: () => {
      const id = meant();
      if (!id) return;
      const next = neighbour(id, 1) ?? neighbour(id, -1);
      void remove(id, id === openId).then(() =>
        rows()
          .find((row) => row.dataset.mail === next)
          ?.focus(),
      );
    },
  };
}

const rows = () => /** @type {HTMLAnchorElement[]} */ ([...document.querySelectorAll(".mails a[data-mail]")]);
