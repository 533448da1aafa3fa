import { signal } from "@preact/signals";

/** Where we are: `#/mail/abc` is the tab `mail` with the rest `abc`. */
export const route = signal(read());

function read() {
  const [, tab = "", rest = ""] = /^#\/([^/]*)\/?(.*)$/.exec(location.hash) ?? [];
  return { tab, rest: decoded(rest) };
}

/** What somebody typed by hand may have a percent sign that means itself. @param {string} rest */
function decoded(rest) {
  try {
    return decodeURIComponent(rest);
  } catch {
    return rest;
  }
}

addEventListener("hashchange", () => {
  route.value = read();
});

/**
 * Go to a tab, and to what it shows.
 * @param {string} tab
 * @param {string} [rest]
 */
export function go(tab, rest = "") {
  location.hash = addressOf(tab, rest);
}

/**
 * Say in the address what is shown of it now, without a step to go back to.
 * @param {string} tab
 * @param {string} rest
 */
export function replace(tab, rest) {
  history.replaceState(null, "", addressOf(tab, rest));
  route.value = read();
}

/**
 * The address of a tab and what it shows, for a link.
 * @param {string} tab
 * @param {string} [rest]
 */
export const addressOf = (tab, rest = "") =>
  `#/${tab}${rest ? `/${rest.split("/").map(encodeURIComponent).join("/")}` : ""}`;
