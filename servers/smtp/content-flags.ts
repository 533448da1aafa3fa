import { isAscii } from "node:buffer";
import type { Envelope } from "./mailbox.ts";

const lf = 0x0a;
const cr = 0x0d;

/** What is wrong with a message's bytes by RFC 5321 (sections 2.3.7, 2.3.8 and 4.5.3.1.6) and RFC 6152. */
export function contentFlags(raw: Uint8Array, envelope: Envelope): string[] {
  const body = String(envelope.parameters["BODY"] ?? "7BIT").toUpperCase();
  // Of a binary message bytes are bytes.
  if (body === "BINARYMIME") return [];
  const flags: string[] = [];
  const lines = lineFaults(Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength));
  if (lines.hasBareLf) flags.push("bare LF in the message");
  if (lines.hasBareCr) flags.push("bare CR in the message");
  if (raw.includes(0)) flags.push("NUL in the message");
  if (lines.isLong) flags.push("line over 998 bytes in the message");
  if (body === "7BIT" && envelope.parameters["SMTPUTF8"] === undefined && !isAscii(raw)) {
    flags.push("8-bit message without BODY=8BITMIME");
  }
  return flags;
}

function lineFaults(raw: Buffer): { hasBareLf: boolean; hasBareCr: boolean; isLong: boolean } {
  const faults = { hasBareLf: false, hasBareCr: false, isLong: false };
  let start = 0;
  for (let at = raw.indexOf(lf); at !== -1; at = raw.indexOf(lf, start)) {
    const isWhole = at > 0 && raw[at - 1] === cr;
    if (!isWhole) faults.hasBareLf = true;
    if (at - start - (isWhole ? 1 : 0) > 998) faults.isLong = true;
    start = at + 1;
  }
  if (raw.length - start > 998) faults.isLong = true;
  for (let at = raw.indexOf(cr); at !== -1 && !faults.hasBareCr; at = raw.indexOf(cr, at + 1)) {
    faults.hasBareCr = raw[at + 1] !== lf;
  }
  return faults;
}
