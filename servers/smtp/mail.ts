import type { Header, Letter, Link } from "./letter.ts";
import { readLetter } from "./letter/read-letter.ts";
import type { Envelope, SessionRecord, StoredMail } from "./mailbox.ts";

/** A received mail as a test reads it: the message, how it was addressed on the wire, and the session that brought it. */
export interface Mail extends Letter {
  readonly id: string;
  /** The order of arrival. */
  readonly sequence: number;
  readonly receivedAt: Date;
  /** Exactly the bytes that were received. */
  readonly raw: Uint8Array;
  readonly envelope: MailEnvelope;
  readonly session: SessionRecord;
  readonly tags: readonly string[];
  /** The value of the first header with this name, in any case of letters. */
  header(name: string): string | undefined;
  /**
   * The first link whose address or text fits.
   * @throws Error when there is none; it lists the links that there are
   */
  link(pattern: RegExp | string): Link;
}

export interface MailEnvelope extends Envelope {
  /** The recipients that no header of the message names. */
  readonly bcc: readonly string[];
}

/** Read a stored mail. Never throws, whatever the message holds. */
export async function readMail(stored: StoredMail): Promise<Mail> {
  const letter = await readLetter(stored.raw);
  const { id, sequence, raw, session, tags, receivedAtMs } = stored;
  return {
    ...letter,
    id,
    sequence,
    raw,
    session,
    tags,
    receivedAt: new Date(receivedAtMs),
    envelope: { ...stored.envelope, bcc: blindRecipients(stored.envelope, letter) },
    header: (name) => letter.headers.find((header) => isNamed(header, name))?.value,
    link: (pattern) => findLink(letter.links, pattern),
  };
}

function blindRecipients(envelope: Envelope, letter: Letter): string[] {
  const named = new Set([...letter.to, ...letter.cc].map(({ address }) => address.toLowerCase()));
  const blind = envelope.rcptTo
    .map(({ address }) => address)
    .filter((address) => !named.has(address.toLowerCase()));
  return [...new Set(blind)];
}

function isNamed(header: Header, name: string): boolean {
  return header.name.toLowerCase() === name.toLowerCase();
}

function findLink(links: readonly Link[], pattern: RegExp | string): Link {
  const fits = (text: string): boolean =>
    typeof pattern === "string" ? text.includes(pattern) : text.search(pattern) !== -1;
  const link = links.find(({ href, text }) => fits(href) || fits(text));
  if (link) return link;
  const there = links.map(({ href, text }) => `  ${href} (${text})`).join("\n");
  throw new Error(
    `no link fits ${String(pattern)}; ${links.length === 0 ? "the mail has none" : `there are\n${there}`}`,
  );
}
