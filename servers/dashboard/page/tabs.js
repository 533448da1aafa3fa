import { compareTab } from "./compare/tab.js";
import { filesTab } from "./files/tab.js";
import { mailTab } from "./mail/tab.js";
import { wireTab } from "./wire/tab.js";

/**
 * @typedef {object} Tab
 * @property {string} id The first part of the address: `#/mail`.
 * @property {string} title
 * @property {() => boolean} [isThere] Whether there is such a server; always, without.
 * @property {() => number} [badge] A number beside the title, when it is not 0.
 * @property {(props: { rest: string }) => unknown} View What is shown; `rest` is what follows in the address.
 * @property {[keys: string, does: string][]} [keys] Its keys, for the list of keys.
 */

/** The tabs in order; a new one is a file and a line here. @type {Tab[]} */
export const tabs = [mailTab, filesTab, wireTab, compareTab];
