import { readLetter } from "../../smtp/letter/read-letter.ts";
import type { Letter } from "../../smtp/letter.ts";
import type { Envelope, MailAddress, StoredMail } from "../../smtp/mailbox.ts";

/** A stored mail with what a person reads in it. */
export interface ReadMail {
  readonly mail: StoredMail;
  readonly letter: Letter;
}

export const readMail = async (mail: StoredMail): Promise<ReadMail> => ({
  mail,
  letter: await readLetter(mail.raw),
});

/** The recipients that no header names: who got a blind copy. */
export function blindCopies(envelope: Envelope, letter: Pick<Letter, "to" | "cc" | "bcc">): MailAddress[] {
  const named = new Set([...letter.to, ...letter.cc, ...letter.bcc].map((one) => one.address.toLowerCase()));
  const blind = new Set<string>();
  for (const { address } of envelope.rcptTo) {
    if (!named.has(address.toLowerCase())) blind.add(address);
  }
  return [...letter.bcc, ...[...blind].map((address) => ({ name: "", address }))];
}
