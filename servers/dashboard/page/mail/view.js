import { effect, signal } from "@preact/signals";
import { replace, route } from "../route.js";

/** What the address says behind the tab is the id of the open mail, and the view of it when one was chosen. */

/** The view that was chosen last: who reads headers, reads those of the next mail too. */
export const view = signal("");

/** The id of the open mail; empty for none. @param {string} rest */
export const idOf = (rest) => rest.split("/", 1)[0] ?? "";

/** The address of a mail behind the tab, in the view that was chosen last. @param {string} id */
export const withView = (id) => (view.value ? `${id}/${view.value}` : id);

/** Look at the mail in another way. @param {string} id @param {string} name */
export const chooseView = (id, name) => replace("mail", `${id}/${name.toLowerCase()}`);

effect(() => {
  const { tab, rest } = route.value;
  if (tab === "mail" && rest !== "") view.value = rest.slice(idOf(rest).length + 1);
});
