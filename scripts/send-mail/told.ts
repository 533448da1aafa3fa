import type { SentMail } from "../../clients/smtp/index.ts";

const usualDashboard = "http://127.0.0.1:8025";

/** What is said of one mail: its id, the reply, and where it can be seen, if a dashboard answers. */
export async function told(mail: SentMail, dashboard = usualDashboard): Promise<string[]> {
  const link = await linkTo(mail.messageId, dashboard);
  return [
    `Message-ID  ${mail.messageId}`,
    `Reply       ${mail.reply}`,
    ...(link === undefined ? [] : [`See it      ${link}`]),
  ];
}

/** The page of the mail with this Message-ID; nothing when no dashboard is there or it does not know the mail. */
async function linkTo(messageId: string, dashboard: string): Promise<string | undefined> {
  const root = dashboard.replace(/\/+$/, "");
  const query = encodeURIComponent(`message-id:"${messageId.replaceAll(/[<>"]/g, "")}"`);
  try {
    const answer = await fetch(`${root}/api/v1/search?query=${query}&limit=1`, {
      signal: AbortSignal.timeout(1_000),
    });
    const { messages } = (await answer.json()) as { readonly messages?: readonly { readonly ID?: string }[] };
    const id = messages?.[0]?.ID;
    return id === undefined ? undefined : `${root}/view/${encodeURIComponent(id)}`;
  } catch {
    return undefined;
  }
}

/** The same sentences once, with how often they came. */
export function tallied(sentences: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const sentence of sentences) counts.set(sentence, (counts.get(sentence) ?? 0) + 1);
  return [...counts].map(([sentence, count]) => (count === 1 ? sentence : `${sentence} (${count} times)`));
}
