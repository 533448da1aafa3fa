import { decodeEntities } from "./entities.ts";
import { attributeOf, htmlTokens } from "./html-tokens.ts";
import type { Link } from "../letter.ts";

/**
 * The links of a mail in order, each address once: first those of the HTML, then bare ones of the text. Addresses
 * inside the page and scripts are none.
 */
export function findLinks(html: string, text: string): Link[] {
  const links = new Map<string, Link>();
  for (const link of [...anchors(html), ...bareLinks(text)]) {
    const known = links.get(link.href);
    // Mails often link a picture before the words.
    if (!known || (known.text === "" && link.text !== link.href)) links.set(link.href, link);
  }
  return [...links.values()];
}

function anchors(html: string): Link[] {
  const links: Link[] = [];
  let open: { href: string; words: string[] } | undefined;
  const close = (): void => {
    if (open) links.push({ href: open.href, text: open.words.join("").replace(/\s+/g, " ").trim() });
    open = undefined;
  };
  for (const token of htmlTokens(html)) {
    if (token.type === "text") open?.words.push(decodeEntities(token.text));
    else if (token.name === "a" || token.name === "area") {
      close();
      const href = token.isEnd ? "" : cleanHref(attributeOf(token.attributes, "href") ?? "");
      if (href !== "") open = { href, words: [decodeEntities(attributeOf(token.attributes, "alt") ?? "")] };
      if (token.name === "area") close();
    } else if (token.name === "img")
      open?.words.push(` ${decodeEntities(attributeOf(token.attributes, "alt") ?? "")} `);
    else open?.words.push(/^(?:br|div|p|td|tr)$/.test(token.name) ? " " : "");
  }
  close();
  return links;
}

/** As browsers read it: without line endings and tabs, and without white space around it. */
function cleanHref(value: string): string {
  const href = decodeEntities(value)
    .replace(/[\t\r\n]/g, "")
    .trim();
  return /^(?:#|javascript:|data:|cid:)/i.test(href) ? "" : href;
}

/** The addresses that stand in text as they are: `https://…`, in angle brackets or not. */
function bareLinks(text: string): Link[] {
  return [...text.matchAll(/\b(?:https?|ftp):\/\/[^\s<>"“”„«»]+/gi)].map(([match]) => {
    const href = withoutPunctuation(match);
    return { href, text: href };
  });
}

/** Punctuation at the end belongs to the sentence, and so does a bracket that was not opened inside. */
function withoutPunctuation(url: string): string {
  let end = url.length;
  const unopened = { ")": surplus(url, "(", ")"), "]": surplus(url, "[", "]"), "}": surplus(url, "{", "}") };
  for (; end > 0; end--) {
    const last = url.charAt(end - 1);
    if (last === ")" || last === "]" || last === "}") {
      if (unopened[last]-- <= 0) break;
    } else if (!/[.,;:!?'*`´’‘…|\\。、，！？）」』】]/.test(last)) break;
  }
  return url.slice(0, end);
}

function surplus(text: string, open: string, close: string): number {
  return text.split(close).length - text.split(open).length;
}
