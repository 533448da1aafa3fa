import type { MailAddress } from "./mailbox.ts";
import type { Mail } from "./mail.ts";

/**
 * Which mail is meant; all fields must fit. A text fits when it is contained, whatever the case of letters; an address
 * fits when it is the same, whatever the case of letters; a pattern fits when it is found.
 */
export interface MailFilter {
  /** A recipient, of the envelope or of To and Cc. */
  readonly to?: string | RegExp;
  /** The sender, of the From header or of the envelope. */
  readonly from?: string | RegExp;
  readonly subject?: string | RegExp;
  /** Found in the plain text, or in the HTML. */
  readonly text?: string | RegExp;
  /** Headers by name; `true` asks only that there is one. */
  readonly header?: Readonly<Record<string, string | RegExp | true>>;
  /** Whether there is an attachment; or one whose name fits. */
  readonly hasAttachment?: boolean | string | RegExp;
}

/** Why a mail does not fit, a sentence for each field; empty when it fits. */
export function misfits(mail: Mail, filter: MailFilter): string[] {
  const reasons: string[] = [];
  const check = (
    field: string,
    wanted: string | RegExp | undefined,
    found: readonly string[],
    fits = contains,
  ): void => {
    if (wanted === undefined || found.some((text) => fits(text, wanted))) return;
    reasons.push(
      `${field} is ${found.map((text) => JSON.stringify(clip(text))).join(", ") || "missing"}, expected ${print(wanted)}`,
    );
  };
  check(
    "to",
    filter.to,
    [...mail.envelope.rcptTo.map(({ address }) => address), ...addresses([...mail.to, ...mail.cc])],
    isSame,
  );
  check("from", filter.from, [...addresses(mail.from ? [mail.from] : []), mail.envelope.mailFrom], isSame);
  check("subject", filter.subject, [mail.subject]);
  check(
    "text",
    filter.text,
    [mail.text, mail.html].filter((text) => text !== ""),
  );
  for (const [name, wanted] of Object.entries(filter.header ?? {})) {
    const values = mail.headers
      .filter((header) => header.name.toLowerCase() === name.toLowerCase())
      .map(({ value }) => value);
    check(`header ${name}`, wanted === true ? /^/ : wanted, values);
  }
  const { hasAttachment } = filter;
  const names = mail.attachments.map(({ name }) => name);
  if (typeof hasAttachment !== "boolean") check("attachment", hasAttachment, names);
  else if (hasAttachment !== names.length > 0)
    reasons.push(`it has ${names.length} attachments, expected ${hasAttachment ? "one" : "none"}`);
  return reasons;
}

/** A filter in words, for errors. */
export function printFilter(filter: MailFilter): string {
  const fields = Object.entries(filter).map(
    ([name, wanted]) =>
      `${name} ${typeof wanted === "object" && !(wanted instanceof RegExp) ? JSON.stringify(wanted) : print(wanted)}`,
  );
  return fields.length === 0 ? "any mail" : `a mail with ${fields.join(" and ")}`;
}

function addresses(list: readonly MailAddress[]): string[] {
  return list.map(({ address }) => address);
}

function contains(text: string, wanted: string | RegExp): boolean {
  return typeof wanted === "string"
    ? text.toLowerCase().includes(wanted.toLowerCase())
    : text.search(wanted) !== -1;
}

function isSame(text: string, wanted: string | RegExp): boolean {
  return typeof wanted === "string"
    ? text.toLowerCase() === wanted.toLowerCase()
    : text.search(wanted) !== -1;
}

function print(wanted: string | RegExp | boolean): string {
  return typeof wanted === "string" ? JSON.stringify(wanted) : String(wanted);
}

function clip(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
