import { signal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { complaint } from "../api.js";
import { html } from "portside/page/html.js";
import { go } from "../route.js";
import { focusOn, neighbour, settleFocus } from "./focus.js";
import { fileOf, join, nameOf, parent } from "./paths.js";
import { entries, folder, makeFolder, remove, rename } from "./state.js";

/**
 * @typedef {object} Question What is asked before something is done.
 * @property {string} title
 * @property {string} [words]
 * @property {string} [name] A name to type, and what stands there at first; without, only yes or no.
 * @property {string} verb
 * @property {boolean} [isDanger]
 * @property {(name: string) => Promise<unknown>} run
 */

/** @type {import("@preact/signals").Signal<Question | undefined>} */
const question = signal(undefined);
const problem = signal("");

/** @param {Question} next */
function put(next) {
  problem.value = "";
  question.value = next;
}

/** @param {string} path @param {string} rest where we are */
export const askName = (path, rest) =>
  put({
    title: `Rename ${nameOf(path)}`,
    name: nameOf(path),
    verb: "Rename",
    run: async (name) => {
      const to = name.startsWith("/") ? name : join(parent(path), name);
      await rename(path, to);
      focusOn(to);
      if (fileOf(rest) === path) go("files", to.slice(1));
    },
  });

export const askFolder = () =>
  put({
    title: "New folder",
    name: "",
    verb: "Make",
    run: async (name) => {
      const path = join(folder.value, name);
      await makeFolder(path);
      focusOn(path);
    },
  });

/** @param {string} path @param {string} rest where we are */
export function askDelete(path, rest) {
  const isFolder = entries.value.find((entry) => entry.Path === path)?.Type === "folder";
  put({
    title: `Delete ${nameOf(path)}?`,
    words: `${isFolder ? "With everything in it. " : ""}It cannot be brought back.`,
    verb: "Delete",
    isDanger: true,
    run: async () => {
      const next = neighbour(path);
      await remove(path);
      focusOn(next);
      const here = parent(path);
      if (fileOf(rest) === path) go("files", here === "/" ? "" : `${here.slice(1)}/`);
    },
  });
}

/** The dialog that asks. */
export function QuestionDialog() {
  /** @type {{ current: HTMLDialogElement | null }} */
  const dialog = useRef(null);
  useLayoutEffect(() => {
    if (question.value) dialog.current?.showModal();
    const field = dialog.current?.querySelector("input");
    // The name is typed over, its ending stays.
    const end = field?.value.lastIndexOf(".") ?? 0;
    field?.setSelectionRange(0, end > 0 ? end : (field?.value.length ?? 0));
  }, [question.value]);
  if (!question.value) return null;
  const { title, words, name, verb, isDanger, run } = question.value;
  const close = () => dialog.current?.close();
  const closed = () => {
    question.value = undefined;
    settleFocus();
  };
  /** @param {SubmitEvent} event */
  const answer = async (event) => {
    event.preventDefault();
    const field = /** @type {HTMLFormElement} */ (event.currentTarget).querySelector("input");
    try {
      await run(field?.value ?? "");
      close();
    } catch (error) {
      // Said here, where the reader looks.
      complaint.value = "";
      problem.value = /** @type {Error} */ (error).message;
    }
  };
  return html`
    <dialog ref=${dialog} class="question" aria-labelledby="question-title" onClose=${closed}>
      <form onSubmit=${answer}>
        <h2 id="question-title">${title}</h2>
        ${words && html`<p>${words}</p>`}
        ${
          name !== undefined &&
          html`<input
            class="name-field"
            aria-label="Name"
            required
            spellcheck="false"
            autocomplete="off"
            defaultValue=${name}
          />`
        }
        <p class="problem" role="alert">${problem.value}</p>
        <div class="choices">
          <button type="button" onClick=${close}>${isDanger ? "Keep" : "Cancel"}</button>
          <button type="submit" class=${isDanger ? "danger" : "main"}>${verb}</button>
        </div>
      </form>
    </dialog>
  `;
}
