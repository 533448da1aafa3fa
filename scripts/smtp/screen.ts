import { resolve } from "node:path";

/** What the screen of a mail server is about. */
export interface MailAddresses {
  readonly smtp: string;
  readonly smtps: string | undefined;
  readonly inboxes: readonly string[];
  readonly database: string | undefined;
}

/** The screen of a mail server that is ready: addresses, where the mails are, and lines to send a first one. */
export function mailScreen({ smtp, smtps, inboxes, database }: MailAddresses): string[] {
  const authority = smtp.replace("smtp://", "");
  const letter = "From: ann@example.com\\nTo: bob@example.com\\nSubject: Hi\\n\\nHello";
  const mail = `{ from: "ann@example.com", to: "bob@example.com", subject: "Hi", text: "Hello" }`;
  return [
    "",
    `  Mail server  ${smtp}${smtps === undefined ? "" : `   with TLS ${smtps}`}`,
    `  Inbox        ${inboxes.join("  ")}`,
    `  Certificate  ${inboxes[0] ?? ""}/ca.pem is the authority to trust, for clients that use TLS`,
    `  Mails        ${database === undefined ? "in memory, gone when this ends; keep them with --database FILE" : resolve(database)}`,
    "",
    "  Send one with a tool you have:",
    "",
    `    printf '${letter}' | curl -sS ${smtp} --mail-from ann@example.com --mail-rcpt bob@example.com -T -`,
    `    swaks --server ${authority} --from ann@example.com --to bob@example.com`,
    `    node -e 'require("nodemailer").createTransport("${smtp}?ignoreTLS=true").sendMail(${mail})'`,
    "",
    "  Ctrl-C ends it.",
    "",
  ];
}
