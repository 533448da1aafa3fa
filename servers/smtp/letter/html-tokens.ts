/** A piece of HTML: text with its character references, or a tag. */
export type HtmlToken =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "tag"; readonly name: string; readonly isEnd: boolean; readonly attributes: string };

/** Elements whose content is no text of the page. */
const opaque = new Set("script style title template textarea xmp iframe noembed noframes".split(" "));

const startOfTag = /\/?([a-z][^\s/>]{0,40})/iy;

/**
 * Cut HTML into text and tags, without comments, declarations, scripts and styles. It takes what browsers take, in
 * time linear in the length: what is never closed ends with the document.
 */
export function* htmlTokens(html: string): Generator<HtmlToken> {
  const deadQuotes = new Set<number>();
  let at = 0;
  while (at < html.length) {
    let open = html.indexOf("<", at);
    while (open >= 0 && !opensMarkup(html.charCodeAt(open + 1))) open = html.indexOf("<", open + 1);
    if (open !== at) yield { type: "text", text: open < 0 ? html.slice(at) : html.slice(at, open) };
    if (open < 0) return;
    if (html.startsWith("<!--", open)) {
      at = after(html, "-->", open + 2);
      continue;
    }
    const end = endOfTag(html, open + 1, deadQuotes);
    at = end + 1;
    startOfTag.lastIndex = open + 1;
    const name = startOfTag.exec(html)?.[1]?.toLowerCase();
    if (name === undefined) continue;
    const isEnd = html.charCodeAt(open + 1) === slash;
    yield { type: "tag", name, isEnd, attributes: html.slice(open + 1 + name.length, end) };
    if (!isEnd && opaque.has(name)) at = endOfElement(html, name, at);
  }
}

/**
 * The value of an attribute, its character references left alone; `undefined` without.
 * @param attributes of a tag token
 */
export function attributeOf(attributes: string, name: string): string | undefined {
  for (const match of attributes.matchAll(/([^\s=>/"']+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]*)))?/g)) {
    if (match[1]?.toLowerCase() === name) return match[2] ?? match[3] ?? match[4] ?? "";
  }
  return undefined;
}

const slash = 47;
const equals = 61;
const greater = 62;

/** Whether a `<` before this character is more than text: a letter, `/`, `!` or `?`. */
function opensMarkup(code: number): boolean {
  const letter = code | 32;
  return (letter >= 97 && letter <= 122) || code === slash || code === 33 || code === 63;
}

/**
 * Offset of the `>` that ends the tag: not one inside a quoted value. The document's end when there is none.
 * @param deadQuotes quotes after which there is no second one any more: they are text
 */
function endOfTag(html: string, start: number, deadQuotes: Set<number>): number {
  let last = 0;
  for (let at = start; at < html.length; at++) {
    const code = html.charCodeAt(at);
    if (code === greater) return at;
    const isQuote = code === 34 || code === 39;
    if (isQuote && last === equals && !deadQuotes.has(code)) {
      const closing = html.indexOf(code === 34 ? '"' : "'", at + 1);
      if (closing < 0) deadQuotes.add(code);
      else at = closing;
    }
    // A quote opens a value only after the equals sign; elsewhere it is part of a name.
    if (code > 32) last = code;
  }
  return html.length;
}

function endOfElement(html: string, name: string, from: number): number {
  const end = new RegExp(`</${name}(?=[\\s/>])`, "gi");
  end.lastIndex = from;
  return end.exec(html)?.index ?? html.length;
}

function after(html: string, text: string, from: number): number {
  const at = html.indexOf(text, from);
  return at < 0 ? html.length : at + text.length;
}
