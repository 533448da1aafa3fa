import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { size } from "../format.js";
import { html } from "portside/page/html.js";
import { contentUrl } from "./paths.js";

/** So much of a text is read to be shown. */
const mostBytes = 262_144;

/** What a browser shows without running anything of it; the server shows no other picture either. */
const plainPictures = /^image\/(?:png|jpeg|gif|webp|avif|bmp|x-icon)$/;

/**
 * What is in a file: a picture, or its text as text, whatever it may be written in.
 * @param {{ file: import("./state.js").Entry }} props
 */
export const Preview = ({ file }) => {
  if (file.Size === 0) return html`<p class="nothing">This file is empty.</p>`;
  if (file.Type === "file" && plainPictures.test(file.ContentType)) return html`<${Picture} file=${file} />`;
  return html`<${Text} file=${file} />`;
};

/** @param {{ file: import("./state.js").Entry }} props */
function Picture({ file }) {
  const isBroken = useSignal(false);
  if (isBroken.value) return html`<p class="nothing">This file is called a picture, and is none.</p>`;
  return html`
    <div class="picture">
      <img
        src=${contentUrl(file.Path, { at: file.Modified })}
        alt=${file.Name}
        onError=${() => (isBroken.value = true)}
      />
    </div>
  `;
}

/** @param {{ file: import("./state.js").Entry }} props */
function Text({ file }) {
  const text = useSignal(/** @type {string | undefined} */ (undefined));
  const isBinary = useSignal(false);
  useEffect(() => {
    textOf(file.Path).then(
      (found) => (text.value = found),
      () => (isBinary.value = true),
    );
  }, [file.Path, file.Modified]);
  if (isBinary.value) return html`<p class="nothing">This is not text. Download it to look inside.</p>`;
  if (text.value === undefined) return null;
  return html`
    <pre class="code" tabindex="0">${text.value}</pre>
    ${
      file.Size > mostBytes &&
      html`<p class="nothing">
        The first ${size(mostBytes)} of ${size(file.Size)}.
        <a href=${contentUrl(file.Path, { dl: 1 })} download=${file.Name}>Download all of it</a>
      </p>`
    }
  `;
}

/** The beginning of a file as text. @param {string} path @throws Error when it is none */
async function textOf(path) {
  const answer = await fetch(contentUrl(path), { headers: { Range: `bytes=0-${mostBytes - 1}` } });
  if (!answer.ok) throw new Error(await answer.text());
  const bytes = await answer.arrayBuffer();
  // `stream`: the cut may fall into the middle of a character.
  const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
  if (text.includes("\0")) throw new Error("not a text");
  return text;
}
