/** A piece of HTML: text with its character references, or a tag. */
export type HtmlToken =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "tag"; readonly name: string; readonly isEnd: boolean; readonly attributes: string };

/** Elements whose content is no text of the page. */
const opaque = /^(?:script|style|title|template|textarea|xmp|iframe|noembed|noframes)$/;

/**
 * Cut HTML into text and tags, without comments, declarations, scripts and styles. It takes what browsers take, in
 * time linear in the length: what is never closed ends with the document.
 */
export function* htmlTokens(html: string): Generator<HtmlToken> {
  const scanner = new TagScanner(html);
  let at = 0;
  while (at < html.length) {
    let open = html.indexOf("<", at);
    while (open >= 0 && !/[a-z/!?]/i.test(html.charAt(open + 1))) open = html.indexOf("<", open + 1);
    if (open !== at) yield { type: "text", text: open < 0 ? html.slice(at) : html.slice(at, open) };
    if (open < 0) return;
    if (html.startsWith("<!--", open)) {
      at = after(html, "-->", open + 2);
      continue;
    }
    const close = scanner.endOfTag(open + 1);
    at = close + 1;
    const [, slash, name = ""] = /^(\/?)([a-z][^\s/>]{0,40})/i.exec(html.slice(open + 1, open + 50)) ?? [];
    if (name === "") continue;
    const tag = name.toLowerCase();
    yield {
      type: "tag",
      name: tag,
      isEnd: slash === "/",
      attributes: html.slice(open + 1 + name.length, close),
    };
    if (slash === "" && opaque.test(tag)) at = endOfElement(html, tag, at);
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

class TagScanner {
  readonly #html: string;
  /** Quotes after which there is no second one any more: they are text. */
  readonly #dead = new Set<string>();

  constructor(html: string) {
    this.#html = html;
  }

  /** Offset of the `>` that ends the tag: not one inside a quoted value. The document's end when there is none. */
  endOfTag(start: number): number {
    const stop = /[>"']/g;
    stop.lastIndex = start;
    for (let match = stop.exec(this.#html); match; match = stop.exec(this.#html)) {
      const [character] = match;
      if (character === ">") return match.index;
      if (this.#dead.has(character) || !this.#opensValue(match.index)) continue;
      const closing = this.#html.indexOf(character, match.index + 1);
      if (closing < 0) this.#dead.add(character);
      else stop.lastIndex = closing + 1;
    }
    return this.#html.length;
  }

  #opensValue(at: number): boolean {
    return /=\s{0,20}$/.test(this.#html.slice(Math.max(0, at - 21), at));
  }
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
