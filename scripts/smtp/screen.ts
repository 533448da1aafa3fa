import { resolve } from "node:path";
import type { Service } from "../serve.ts";

/** What the screen of a mail server is about. */
export interface MailAddresses {
  readonly smtp: string;
  readonly smtps: string | undefined;
  readonly inboxes: readonly string[];
  readonly database: string | undefined;
}

/** What to say of a mail server that is ready: addresses, where the mails are, and lines to send a first one. */
export function mailScreen({
  smtp,
  smtps,
  inboxes,
  database,
}: MailAddresses): Pick<Service, "facts" | "tries"> {
  const authority = smtp.replace("smtp://", "");
  const letter = "From: ann@example.com\\nTo: bob@example.com\\nSubject: Hi\\n\\nHello";
  const mail = `{ from: "ann@example.com", to: "bob@example.com", subject: "Hi", text: "Hello" }`;
  return {
    facts: [
      ["Mail server", `${smtp}${smtps === undefined ? "" : `   with TLS ${smtps}`}`],
      ["Inbox", inboxes.join("  ")],
      [
        "Mails",
        database === undefined
          ? "in memory, gone when this ends; keep them with --database FILE"
          : resolve(database),
      ],
      ["Certificate", `${inboxes[0] ?? ""}/ca.pem is the authority to trust, for clients that use TLS`],
    ],
    tries: [
      `printf '${letter}' | curl -sS ${smtp} --mail-from ann@example.com --mail-rcpt bob@example.com -T -`,
      `swaks --server ${authority} --from ann@example.com --to bob@example.com`,
      `node -e 'require("nodemailer").createTransport("${smtp}?ignoreTLS=true").sendMail(${mail})'`,
    ],
  };
}
