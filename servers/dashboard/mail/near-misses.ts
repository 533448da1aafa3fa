import type { Mailbox, MailQuery, MailSummary } from "../../smtp/mailbox.ts";

/** A mail that arrived and was not the one waited for, and why. */
export interface NearMiss {
  readonly ID: string;
  readonly Subject: string;
  readonly From: string;
  readonly To: readonly string[];
  readonly Created: string;
  /** The parts of the query that it does not fit. */
  readonly Unmatched: readonly string[];
}

const newest = 20;

/**
 * The newest mails of the inbox that do not fit the query, each with the words of the query that it fails. Each word is
 * searched alone, so the answer is the mailbox's own and needs no second reading of the search language.
 */
export async function nearMisses(mailbox: Mailbox, asked: MailQuery): Promise<NearMiss[]> {
  const { query = "", ...where } = asked;
  const { mails } = await mailbox.search(where, { limit: newest });
  const oldest = mails.at(-1);
  if (!oldest) return [];
  const fits = new Map<string, Set<number>>();
  for (const word of wordsOf(query)) {
    const afterSequence = Math.max(oldest.sequence - 1, where.afterSequence ?? 0);
    const { mails: fitting } = await mailbox.search(
      { ...where, query: word, afterSequence },
      { limit: newest },
    );
    fits.set(word, new Set(fitting.map((mail) => mail.sequence)));
  }
  return mails
    .map((mail) =>
      missOf(
        mail,
        [...fits].filter(([, fitting]) => !fitting.has(mail.sequence)).map(([word]) => word),
      ),
    )
    .filter((miss) => miss.Unmatched.length > 0)
    .toSorted((a, b) => a.Unmatched.length - b.Unmatched.length);
}

/** The words of a query; what stands in quotes stays whole. */
export const wordsOf = (query: string): string[] => query.match(/(?:[^\s"]|"[^"]*"?)+/g) ?? [];

const missOf = (mail: MailSummary, unmatched: readonly string[]): NearMiss => ({
  ID: mail.id,
  Subject: mail.subject,
  From: mail.from?.address ?? "",
  To: [...mail.to, ...mail.cc, ...mail.bcc].map((one) => one.address),
  Created: new Date(mail.receivedAtMs).toISOString(),
  Unmatched: unmatched,
});
