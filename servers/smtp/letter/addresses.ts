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
  // Short ones only: the expression is quadratic on long runs of spaces.
  const match = field.length < 300 ? usual.exec(field) : undefined;
  if (match) {
    const [, quoted, phrase, inBrackets, bare = ""] = match;
    return [{ name: decodeWords(quoted ?? phrase ?? "").trim(), address: inBrackets ?? bare }];
  }
  return postal()
    .addressParser(field, { flatten: true })
    .map(({ name, address }) => ({ name, address: address ?? "" }));
}
