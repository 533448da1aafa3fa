import fc from "fast-check";
import type { MailAddress } from "../../servers/smtp/mailbox.ts";

/** A mail of which everything is known without reading its bytes, so that a search can be held against it. */
export interface KnownMail {
  readonly subject: string;
  readonly text: string;
  readonly from: MailAddress;
  readonly to: readonly MailAddress[];
  readonly cc: readonly MailAddress[];
  /** Recipients of the envelope that no header names. */
  readonly bcc: readonly MailAddress[];
  readonly replyTo: readonly MailAddress[];
  readonly messageId: string;
  readonly hasAttachment: boolean;
  readonly tags: readonly string[];
  readonly receivedAtMs: number;
  readonly isRead: boolean;
  readonly isRemoved: boolean;
}

/** A term as a person writes it, and what it means said once more, as plainly as can be. */
export interface KnownTerm {
  readonly written: string;
  readonly holds: (mail: KnownMail, size: number) => boolean;
}

const words = [
  "alpha",
  "alphabet",
  "Beta",
  "café",
  "Cafe",
  "naïve",
  "x1",
  "42",
  "日本",
  "東京日本語",
  "a",
  "it's",
  "ÄRGER",
];
const parts = ["ann", "EXAMPLE.com", "ann lee", "zoë", "@", "bob.lee", "hidden", "q"];
const dayMs = 86_400_000;

const text = fc.array(fc.constantFrom(...words), { maxLength: 5 }).map((list) => list.join(" "));
const address: fc.Arbitrary<MailAddress> = fc.record({
  name: fc.constantFrom("", "Ann Lee", "Bob", "Zoë"),
  address: fc.constantFrom("ann@example.com", "anna@example.org", "bob.lee@x.test", "BOB@example.com"),
});
const addresses = fc.array(address, { maxLength: 2 });

/** Mails that have much in common, so that terms find some of them. */
export const knownMail: fc.Arbitrary<KnownMail> = fc.record({
  subject: text,
  text,
  from: address,
  to: addresses,
  cc: addresses,
  bcc: fc
    .subarray(["hidden@example.net", "zed@x.test"])
    .map((list) => list.map((address) => ({ name: "", address }))),
  replyTo: addresses,
  messageId: fc.constantFrom("m1@example.com", "M2@x.test"),
  hasAttachment: fc.boolean(),
  tags: fc.subarray(["red", "Green"]),
  receivedAtMs: fc.integer({ min: 0, max: 9 * dayMs }),
  isRead: fc.boolean(),
  isRemoved: fc.integer({ min: 0, max: 4 }).map((n) => n === 0),
});

/** The mail as a message. */
export function rawOf(mail: KnownMail): string {
  const lines = [
    `Message-ID: <${mail.messageId}>`,
    `From: ${written(mail.from)}`,
    `Subject: ${mail.subject}`,
  ];
  const lists = { To: mail.to, Cc: mail.cc, "Reply-To": mail.replyTo };
  for (const [name, list] of Object.entries(lists)) {
    if (list.length > 0) lines.push(`${name}: ${list.map(written).join(", ")}`);
  }
  const body = ["Content-Type: text/plain; charset=utf-8", "", mail.text];
  if (!mail.hasAttachment) return [...lines, ...body].join("\r\n");
  const attachment = [
    "Content-Type: application/pdf; name=f.pdf",
    "Content-Disposition: attachment",
    "",
    "bytes",
  ];
  const multipart = [
    "Content-Type: multipart/mixed; boundary=b",
    "",
    "--b",
    ...body,
    "--b",
    ...attachment,
    "--b--",
  ];
  return [...lines, ...multipart].join("\r\n");
}

function written({ name, address }: MailAddress): string {
  return name === "" ? address : `${name} <${address}>`;
}

const fields = {
  from: (mail: KnownMail) => [mail.from],
  to: (mail: KnownMail) => mail.to,
  cc: (mail: KnownMail) => mail.cc,
  bcc: (mail: KnownMail) => mail.bcc,
  "reply-to": (mail: KnownMail) => mail.replyTo,
  addressed: (mail: KnownMail) => [mail.from, ...mail.to, ...mail.cc, ...mail.bcc, ...mail.replyTo],
} as const;

const wordsTerm = fc
  .tuple(
    fc.constantFrom(...words, ...parts, "alph", "日", "東京日", "bet", "&"),
    fc.constantFrom("", ...words),
  )
  .map(([first, second]): KnownTerm => {
    const phrase = second === "" ? first : `${first} ${second}`;
    return { written: `"${phrase}"`, holds: (mail) => hasWords(mail, phrase) };
  });

const fieldTerm = fc
  .tuple(fc.constantFrom(...(Object.keys(fields) as (keyof typeof fields)[])), fc.constantFrom(...parts))
  .map(([field, part]): KnownTerm => ({
    written: `${field}:"${part}"`,
    holds: (mail) => fields[field](mail).some((address) => has(`${address.name} ${address.address}`, part)),
  }));

const plainTerm = fc.constantFrom<KnownTerm>(
  { written: "subject:CAF", holds: (mail) => has(mail.subject, "caf") },
  { written: "subject:日本", holds: (mail) => has(mail.subject, "日本") },
  { written: "message-id:<m2@x.test>", holds: (mail) => has(mail.messageId, "m2@x.test") },
  { written: "tag:green", holds: (mail) => mail.tags.includes("Green") },
  { written: "tag:re", holds: () => false },
  { written: "is:read", holds: (mail) => mail.isRead },
  { written: "is:unread", holds: (mail) => !mail.isRead },
  { written: "is:tagged", holds: (mail) => mail.tags.length > 0 },
  { written: "has:attachment", holds: (mail) => mail.hasAttachment },
  { written: "has:inline", holds: () => false },
  { written: "after:1970-01-04", holds: (mail) => mail.receivedAtMs >= 3 * dayMs },
  { written: "before:1970-01-06T12:00Z", holds: (mail) => mail.receivedAtMs < 5.5 * dayMs },
  { written: "larger:200", holds: (_, size) => size > 200 },
  { written: "smaller:0.25k", holds: (_, size) => size < 256 },
);

/** Terms of every kind, half of them turned round. */
export const knownTerm: fc.Arbitrary<KnownTerm> = fc
  .tuple(fc.oneof(wordsTerm, fieldTerm, plainTerm), fc.constantFrom("", "-", "!"))
  .map(([{ written, holds }, sign]) =>
    // Words without letter and digit say nothing, and the opposite of nothing is nothing.
    sign === "" || !/[\p{L}\p{N}]/u.test(written)
      ? { written: `${sign}${written}`, holds }
      : { written: `${sign}${written}`, holds: (mail, size) => !holds(mail, size) },
  );

function has(field: string, part: string): boolean {
  return field.toLowerCase().includes(part.toLowerCase());
}

/** Whether the words stand side by side in one place of the mail; the last may be the beginning of a longer one. */
function hasWords(mail: KnownMail, phrase: string): boolean {
  const wanted = tokens(phrase);
  if (wanted.length === 0) return true;
  const all = [mail.from, ...mail.to, ...mail.cc, ...mail.bcc, ...mail.replyTo];
  const places = [mail.subject, mail.text, all.map(({ name, address }) => `${name} ${address}`).join(" ")];
  return places.some((place) => {
    const there = tokens(place);
    return there.some((_, at) => wanted.every((token, index) => fits(there[at + index], token, index)));
  });

  function fits(token: string | undefined, want: string, index: number): boolean {
    const mayBeLonger = index === wanted.length - 1 && want.length > 1;
    return token !== undefined && (mayBeLonger ? token.startsWith(want) : token === want);
  }
}

/** Runs of letters and digits without case and accents; each Chinese character alone. */
function tokens(text: string): string[] {
  const folded = text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();
  return folded.match(/\p{Script=Han}|[\p{L}\p{N}]+/gu) ?? [];
}
