import { createHash } from "node:crypto";
import { contentId, contentOf } from "./body.ts";
import { toBuffer } from "./charset.ts";
import { fieldText, findField, scanHeader } from "./header.ts";
import { scanStructure } from "./structure.ts";
import type { Attachment } from "../letter.ts";
import type { Part } from "./structure.ts";

/**
 * The part of a message with this number, its transfer encoding undone; `undefined` when there is none.
 * @param partId as in IMAP (RFC 3501 section 6.4.5): `2`, `1.3`
 */
export function partOf(raw: Uint8Array, partId: string): Attachment | undefined {
  const bytes = toBuffer(raw);
  const part = findPart(scanStructure(bytes), partId);
  return part && readAttachment(bytes, part);
}

/** A part as a file: its bytes, name and digest. */
export function readAttachment(raw: Buffer, part: Part): Attachment {
  const content = contentOf(raw, part);
  return {
    partId: part.id,
    name: part.fileName === "" ? nameOfMessage(part, content) : part.fileName,
    type: part.type,
    contentId: contentId(raw, part),
    size: content.length,
    content,
    sha256: createHash("sha256").update(content).digest("hex"),
  };
}

function findPart(part: Part, partId: string): Part | undefined {
  if (part.id === partId) return part;
  for (const child of part.children) {
    const found = findPart(child, partId);
    if (found) return found;
  }
  return undefined;
}

/** A message that is attached has a subject instead of a name. */
function nameOfMessage(part: Part, content: Buffer): string {
  if (!/^message\/(?:rfc822|global)$/.test(part.type)) return "";
  const subject = fieldText(content, findField(scanHeader(content, 0).fields, "subject"));
  const name = subject.replace(/[\s\u0000-\u001f\u007f/\\:*?"<>|]+/g, " ").trim();
  return `${name === "" ? "message" : name.slice(0, 120)}.eml`;
}
