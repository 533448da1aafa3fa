import type { IncomingMail, SessionRecord } from "../../servers/smtp/mailbox.ts";

/** The connection that brought the mails of tests; its transcript holds what JSON and UTF-8 find hard. */
export const sessionRecord: SessionRecord = {
  connection: 7,
  clientName: "client.test",
  clientAddress: "127.0.0.1",
  clientPort: 50_007,
  protocol: "ESMTPSA",
  tls: { version: "TLSv1.3", cipher: "TLS_AES_256_GCM_SHA384", serverName: "mail.test" },
  auth: { mechanism: "PLAIN", user: "carol" },
  flags: ["a line ended in LF alone"],
  transcript: [
    { sequence: 1, atMs: 12.5, connection: 7, from: "S", text: "220 mail.test ESMTP" },
    { sequence: 2, atMs: 13.25, connection: 7, from: "C", text: "EHLO client.test\0\ud800 \u{1f4ec}" },
  ],
};

/** A mail as a server hands it over; the line ends of a text become CRLF. */
export function incoming(raw: string | Uint8Array, changes: Partial<IncomingMail> = {}): IncomingMail {
  return {
    raw: typeof raw === "string" ? Buffer.from(raw.replaceAll(/\r?\n/g, "\r\n")) : raw,
    envelope: {
      mailFrom: "ann@example.com",
      parameters: { SIZE: "42", SMTPUTF8: true },
      rcptTo: [{ address: "bob@example.org", parameters: { NOTIFY: "NEVER" } }],
    },
    session: sessionRecord,
    ...changes,
  };
}

/** A plain message from Ann to Bob. */
export function letter(subject: string, text = "Nothing else.", headers = ""): string {
  return `From: Ann Example <ann@example.com>\nTo: Bob <bob@example.org>\nSubject: ${subject}\n${headers}\n${text}\n`;
}
