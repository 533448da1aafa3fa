import { FieldList, type Part } from "../anatomy.ts";
import { bytesText, textOf } from "./text.ts";

/** What is in a datagram. Its header of eight bytes is the kernel's, and no application sees it (RFC 768). */
export function datagram(bytes: Buffer): Part {
  const fields = new FieldList().add(
    "message",
    bytes.length,
    textOf(bytes),
    "the whole datagram: UDP itself keeps messages apart",
    "RFC 768",
  );
  return { title: `datagram, ${bytesText(bytes.length)}`, bytes, fields: fields.fields };
}
