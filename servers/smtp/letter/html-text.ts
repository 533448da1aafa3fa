import { decodeEntities } from "./entities.ts";
import { attributeOf, htmlTokens } from "./html-tokens.ts";

/** Elements that begin a line of their own, and those with an empty line around them. */
const lines = "address article aside center dd div dt fieldset footer form header hr li main nav section tr";
const paragraphs = "blockquote dl h1 h2 h3 h4 h5 h6 ol p pre table ul";
const breaksAround: ReadonlyMap<string, number> = new Map([
  ...lines.split(" ").map((name) => [name, 1] as const),
  ...paragraphs.split(" ").map((name) => [name, 2] as const),
]);

/** HTML as plain text: what a person reads, a line per block, list items with a star. Linear in the length. */
export function htmlToText(html: string): string {
  const text = new TextBuilder();
  let preformatted = 0;
  for (const token of htmlTokens(html)) {
    if (token.type === "text") {
      if (preformatted > 0) text.addLines(decodeEntities(token.text));
      else text.add(decodeEntities(token.text));
      continue;
    }
    const { name, isEnd } = token;
    const breaks = breaksAround.get(name);
    if (breaks !== undefined) text.startBlock(breaks);
    else if (name === "br") text.breakLine();
    else if (name === "td" || name === "th") text.add(" ");
    else if (name === "img") text.add(decodeEntities(attributeOf(token.attributes, "alt") ?? ""));
    if (name === "li" && !isEnd) text.add("* ");
    if (name === "pre") preformatted = Math.max(0, preformatted + (isEnd ? -1 : 1));
  }
  return text.toString();
}

/** Soft hyphens and zero-width characters are there for the layout, not for the reader. */
const invisible = /[\u00ad\u200b\u2060\ufeff]|\u034f/g;

class TextBuilder {
  readonly #pieces: string[] = [];
  #breaks = 0;
  #hasSpace = false;

  /** Add text whose white space says nothing. */
  add(text: string): void {
    const folded = text.replace(invisible, "").replace(/\s+/g, " ");
    if (folded.startsWith(" ")) this.#hasSpace = true;
    const words = folded.trim();
    if (words === "") return;
    this.#flush();
    this.#pieces.push(words);
    this.#hasSpace = folded.endsWith(" ");
  }

  /** Add text as it stands. */
  addLines(text: string): void {
    this.#flush();
    this.#pieces.push(text);
  }

  breakLine(): void {
    this.#breaks = Math.min(this.#breaks + 1, 2);
  }

  startBlock(breaks: number): void {
    this.#breaks = Math.max(this.#breaks, breaks);
  }

  toString(): string {
    return this.#pieces.join("");
  }

  #flush(): void {
    if (this.#pieces.length > 0) {
      if (this.#breaks > 0) this.#pieces.push("\n".repeat(this.#breaks));
      else if (this.#hasSpace) this.#pieces.push(" ");
    }
    this.#breaks = 0;
    this.#hasSpace = false;
  }
}
