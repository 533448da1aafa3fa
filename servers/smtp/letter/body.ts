import { isUtf8 } from "node:buffer";
import { decodeText } from "./charset.ts";
import { decodeEntities } from "./entities.ts";
import { unflow } from "./flowed.ts";
import { htmlToText } from "./html-text.ts";
import { fieldValue, findField } from "./header.ts";
import { decodeTransfer } from "./transfer-encoding.ts";
import type { Part } from "./structure.ts";

/** A part that is read as the message itself. */
export interface TextPart {
  readonly part: Part;
  readonly isHtml: boolean;
  /** The multipart/alternative around it; its other forms say the same. */
  readonly alternative: Part | undefined;
}

/** The leaves of a message: what is read and what is kept as a file. */
export interface Leaves {
  readonly texts: readonly TextPart[];
  /** Parts with a disposition of attachment, or with a name, or neither text nor HTML; messages are not opened. */
  readonly files: readonly Part[];
}

/** Sort the leaves of a message into text and files, in order. */
export function sortLeaves(root: Part): Leaves {
  const texts: TextPart[] = [];
  const files: Part[] = [];
  const visit = (part: Part, outer: Part | undefined): void => {
    const isMultipart = part.type.startsWith("multipart/");
    if (isMultipart && part.children.length > 0) {
      const alternative = part.type === "multipart/alternative" ? part : outer;
      for (const child of part.children) visit(child, alternative);
    } else if (part.disposition !== "attachment" && part.fileName === "" && (isMultipart || isText(part))) {
      // A multipart without parts is shown as the text it is.
      texts.push({ part, isHtml: part.type === "text/html", alternative: outer });
    } else {
      files.push(part);
    }
  };
  visit(root, undefined);
  return { texts, files };
}

/** The bytes of a part's body, its transfer encoding undone; at most so many bytes of the encoded body are read. */
export function contentOf(raw: Buffer, part: Part, maxBytes = Infinity): Buffer {
  const end = Math.min(part.bodyEnd, part.bodyStart + maxBytes);
  return decodeTransfer(raw.subarray(part.bodyStart, end), part.encoding);
}

/** The text of a part, decoded from its charset, with `\n` line endings. */
function textOf(raw: Buffer, part: Part, maxBytes?: number): string {
  const isReadable = part.encoding !== "base64" || !isPlainlyNoBase64(raw, part);
  const content = contentOf(raw, isReadable ? part : { ...part, encoding: "" }, maxBytes);
  const decoded = decodeText(content, part.parameters.get("charset") ?? charsetInside(content, part));
  const text = decoded.startsWith("\ufeff") ? decoded.slice(1) : decoded;
  const lines = text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
  const isFlowed = part.type === "text/plain" && part.parameters.get("format")?.toLowerCase() === "flowed";
  return isFlowed ? unflow(lines, part.parameters.get("delsp")?.toLowerCase() === "yes") : lines;
}

/**
 * The message as plain text. HTML stands in where there is no plain text that says the same.
 * @param maxBytes of each part that are read
 */
export function plainText(raw: Buffer, texts: readonly TextPart[], maxBytes?: number): string {
  const withPlain = alternativesWith(texts, false);
  return texts
    .filter(({ isHtml, alternative }) => !isHtml || alternative === undefined || !withPlain.has(alternative))
    .map(({ part, isHtml }) =>
      isHtml ? htmlToText(textOf(raw, part, maxBytes)) : textOf(raw, part, maxBytes),
    )
    .join("\n");
}

/** The message as HTML, or empty when no part of it is. Plain text beside the HTML, not instead of it, is kept. */
export function htmlText(raw: Buffer, texts: readonly TextPart[], maxBytes?: number): string {
  if (!texts.some(({ isHtml }) => isHtml)) return "";
  const withHtml = alternativesWith(texts, true);
  return texts
    .filter(({ isHtml, alternative }) => isHtml || alternative === undefined || !withHtml.has(alternative))
    .map(({ part, isHtml }) =>
      isHtml ? textOf(raw, part, maxBytes) : textToHtml(textOf(raw, part, maxBytes)),
    )
    .filter((html) => html !== "")
    .join("\n");
}

/** Split files into those the HTML shows by their Content-ID (RFC 2392) and the attachments. */
export function splitInline(
  raw: Buffer,
  files: readonly Part[],
  html: () => string,
): [inline: Part[], attachments: Part[]] {
  const named = files.filter((part) => contentId(raw, part) !== "");
  if (named.length === 0) return [[], [...files]];
  const shown = shownIds(html());
  const inline = new Set(named.filter((part) => shown.has(contentId(raw, part))));
  return [[...inline], files.filter((part) => !inline.has(part))];
}

/** Content-ID without its angle brackets; empty without. */
export function contentId(raw: Buffer, part: Part): string {
  return fieldValue(raw, findField(part.fields, "content-id")).replace(/^<|>$/g, "").trim();
}

/** Words and punctuation under a header that says base64: the sender forgot to encode. */
function isPlainlyNoBase64(raw: Buffer, part: Part): boolean {
  const start = raw.toString("latin1", part.bodyStart, Math.min(part.bodyEnd, part.bodyStart + 300));
  return /[^\s\w+/=-]|[a-z] +[a-z]/i.test(start);
}

/** The charset that a page without one in its header names itself: `<meta charset="windows-1250">`. */
function charsetInside(content: Buffer, part: Part): string {
  if (part.type !== "text/html" || isUtf8(content)) return "";
  const start = content.toString("latin1", 0, 1024);
  return /<meta[^>]{1,200}?charset\s*=\s*["']?([\w:.-]{1,40})/i.exec(start)?.[1] ?? "";
}

function isText(part: Part): boolean {
  return part.type === "text/plain" || part.type === "text/html";
}

function alternativesWith(texts: readonly TextPart[], isHtml: boolean): Set<Part | undefined> {
  return new Set(texts.filter((text) => text.isHtml === isHtml).map(({ alternative }) => alternative));
}

function textToHtml(text: string): string {
  const escaped = text.trim().replace(/&/g, "&amp;").replace(/</g, "&lt;");
  return escaped === "" ? "" : `<div style="white-space: pre-wrap">${escaped}</div>`;
}

function shownIds(html: string): Set<string> {
  const ids = new Set<string>();
  for (const [, id = ""] of html.matchAll(/\bcid:([^\s"'<>)]+)/gi)) {
    const text = decodeEntities(id);
    ids.add(text).add(percentDecoded(text));
  }
  return ids;
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
