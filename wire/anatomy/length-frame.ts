import { FieldList, type Part } from "../anatomy.ts";
import { bytesText, textOf } from "./text.ts";

/**
 * A message behind its length in four bytes: the least that a stream needs so that messages can be told apart. TCP
 * itself knows none (RFC 9293 section 3.1).
 */
export function lengthFrame(bytes: Buffer): Part | undefined {
  if (bytes.length < 4) return undefined;
  const length = bytes.readUInt32BE();
  if (bytes.length < 4 + length) return undefined;
  const message = bytes.subarray(4, 4 + length);
  const fields = new FieldList()
    .add("length", 4, String(length), "32 bits, the highest byte first; our own choice, no standard's")
    .add("message", length, textOf(message), "as it is");
  return {
    title: `length frame, 4 + ${bytesText(length)}`,
    bytes: bytes.subarray(0, 4 + length),
    fields: fields.fields,
  };
}
