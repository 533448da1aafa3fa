import { decodeWords, postal } from "./postal.ts";
import type { MailAddress } from "../mailbox.ts";

/** The forms nearly all mails have: `ann@example.com`, `<ann@example.com>`, `Ann Lee <ann@example.com>`, `"Ann Lee" <…>`. */
const usual =
  /^(?:(?:"([^"\\]*)"|([\w !#$%&'*+./=?^`{|}~\u0080-\uffff-]*?))\s*<([^\s<>"(),:;@[\]\\]+@[\w.-]+)>|([^\s<>"(),:;@[\]\\]+@[\w.-]+))$/;

/**
 * The addresses of a field such as To (RFC 5322 section 3.4), names decoded. The members of a group are given without
 * the group. Never throws; what is no address is given as a name.
 */
export function parseAddresses(field: string): MailAddress[] {
  if (field === "") return [];
  return usualAddresses(field) ?? unusualAddresses(field);
}

function usualAddresses(field: string): MailAddress[] | undefined {
  // A comma in quotes or in a group is none between addresses.
  const pieces = /["(:;\\]/.test(field) ? [field] : field.split(",");
  const addresses: MailAddress[] = [];
  for (const piece of pieces) {
    // Short ones only: the expression is quadratic on long runs of spaces.
    const match = piece.length < 300 ? usual.exec(piece.trim()) : undefined;
    if (!match) return undefined;
    const [, quoted, phrase, inBrackets, bare = ""] = match;
    addresses.push({ name: decodeWords(quoted ?? phrase ?? "").trim(), address: inBrackets ?? bare });
  }
  return addresses;
}

function unusualAddresses(field: string): MailAddress[] {
  return postal()
    .addressParser(field, { flatten: true })
    .map(({ name, address = "" }) =>
      isLocal(name, address) ? { name: "", address: name } : { name, address },
    )
    .filter(({ name, address }) => name !== "" || address !== "");
}

/** `root`: an address of the same machine has no domain. */
function isLocal(name: string, address: string): boolean {
  return address === "" && /^[\w!#$%&'*+./=?^`{|}~-]+$/.test(name);
}
