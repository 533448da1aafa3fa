import { toBuffer } from "./charset.ts";
import { fieldText, findField, scanHeader } from "./header.ts";

/** How a person leaves a list (RFC 2369 section 3.2, RFC 8058). */
export interface ListUnsubscribe {
  /** The field's value; empty without. */
  readonly header: string;
  /** Its addresses: `https:` and `mailto:`. */
  readonly links: readonly string[];
  /** What is wrong with it, as sentences; empty when nothing is. */
  readonly errors: string;
  /** The value of List-Unsubscribe-Post; empty without. */
  readonly headerPost: string;
}

/** Read the fields List-Unsubscribe and List-Unsubscribe-Post of a message. */
export function readListUnsubscribe(raw: Uint8Array): ListUnsubscribe {
  const bytes = toBuffer(raw);
  const { fields } = scanHeader(bytes, 0);
  const header = fieldText(bytes, findField(fields, "list-unsubscribe"));
  const headerPost = fieldText(bytes, findField(fields, "list-unsubscribe-post"));
  const { links, errors } = readAddresses(header);
  const hasHttps = links.some((link) => /^https:/i.test(link));
  if (header === "" && headerPost !== "") errors.push("List-Unsubscribe-Post needs List-Unsubscribe");
  if (headerPost !== "" && !/^List-Unsubscribe=One-Click$/i.test(headerPost)) {
    errors.push("List-Unsubscribe-Post must be List-Unsubscribe=One-Click (RFC 8058 section 3.1)");
  }
  if (header !== "" && headerPost !== "" && !hasHttps) {
    errors.push("List-Unsubscribe-Post needs an https address in List-Unsubscribe (RFC 8058 section 3.1)");
  }
  return { header, links, errors: errors.join("; "), headerPost };
}

function readAddresses(header: string): { links: string[]; errors: string[] } {
  const links: string[] = [];
  const errors: string[] = [];
  // Comments may stand anywhere between the addresses (RFC 2369 section 2).
  const rest = header.replace(/<([^<>]*)>/g, (_: string, inside: string) => {
    // RFC 2369 section 2: white space inside the brackets is ignored.
    const link = inside.replace(/\s+/g, "");
    if (!/^(?:https?|mailto):/i.test(link)) errors.push(`<${link}> is neither http nor mailto`);
    else if (links.includes(link)) errors.push(`<${link}> stands there twice`);
    else links.push(link);
    return "";
  });
  const outside = rest.replace(/\([^()]*\)/g, "").replace(/[\s,]/g, "");
  if (outside !== "") errors.push("an address is not in angle brackets (RFC 2369 section 2)");
  else if (header !== "" && links.length === 0 && errors.length === 0) errors.push("there is no address");
  return { links, errors };
}
