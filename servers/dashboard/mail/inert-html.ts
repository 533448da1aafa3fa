import type { Attachment } from "../../smtp/letter.ts";
import type { ReadMail } from "./letters.ts";

/**
 * The HTML of a mail, shown as it is and able to do nothing. Two walls, each enough alone: the `sandbox` directive
 * (no scripts, no forms, no plugins, no automatic redirect, and in a frame an origin of its own) and a policy that
 * loads nothing that the mail did not bring. The HTML itself is left alone, because a filter would show something
 * else than what was sent, but for `cid:` addresses, which become pictures, and a few elements that make a browser
 * connect before it asks the policy: Chromium does so for frames, and `<link rel=preconnect>` is under no policy at
 * all. A mere connection tells the sender that his mail is read, and where.
 */
export function inertHtml({ letter }: ReadMail, how: HowShown): { html: string; policy: string } {
  const parts = new Map([...letter.inline, ...letter.attachments].map((part) => [part.contentId, part]));
  const connecting = how.isRemoteAllowed ? /<(?=i?frame[\s/>])/gi : /<(?=(?:i?frame|link)[\s/>])/gi;
  const html = letter.html
    .replace(connecting, "<inert-")
    .replace(/\bcid:([^\s"'<>)]+)/gi, (whole, id: string) => {
      const part = parts.get(decoded(id));
      if (!part || part.contentId === "") return whole;
      // The frame has no origin of its own, so its pictures come within the document.
      return how.isEmbedded ? dataUrl(part) : `${how.partsPath}${part.partId}`;
    });
  return { html: how.isEmbedded ? openingWindows(html) : html, policy: policyOf(how) };
}

export interface HowShown {
  /** In a frame of the page, or as a page of its own. */
  readonly isEmbedded: boolean;
  readonly isRemoteAllowed: boolean;
  /** The Host that was asked, checked by the guard. */
  readonly host: string;
  /** Where the parts of this mail are: `/api/v1/message/{ID}/part/`. */
  readonly partsPath: string;
}

function policyOf(how: HowShown): string {
  const remote = how.isRemoteAllowed ? " http: https:" : "";
  // Opened as a page of its own it keeps our origin, so that the pictures of the mail may be asked for; without
  // scripts there is nobody to make use of that.
  const origin = how.isEmbedded ? "" : " allow-same-origin";
  return [
    `sandbox allow-popups allow-popups-to-escape-sandbox${origin}`,
    "default-src 'none'",
    `img-src data:${how.isEmbedded ? "" : ` ${how.host}${how.partsPath}`}${remote}`,
    `style-src 'unsafe-inline'${remote}`,
    `font-src data:${remote}`,
    `media-src data:${remote}`,
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'self'",
  ].join("; ");
}

/** The first base element decides where links open; its place is before anything the mail says. */
function openingWindows(html: string): string {
  const doctype = /^\s*<!doctype[^>]*>/i.exec(html)?.[0] ?? "";
  return `${doctype || "<!doctype html>"}<base target="_blank">${html.slice(doctype.length)}`;
}

function dataUrl(part: Attachment): string {
  const type = /^[\w.+-]+\/[\w.+-]+$/.test(part.type) ? part.type : "application/octet-stream";
  return `data:${type};base64,${Buffer.from(part.content).toString("base64")}`;
}

function decoded(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}
