import { entryShape } from "../wire/entries.ts";
import { listOf, missing, object, ref, text, type Route } from "../route.ts";
import { blindCopies, readMail } from "./letters.ts";
import { mailOfPath } from "./message.ts";
import { addressShape } from "./shapes.ts";
import { whichMails } from "./which.ts";

/** What a mail tells a test: how it came, where it leads, what to type. */
export const toldRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/v1/message/{ID}/session",
    summary:
      "How a mail came: envelope, TLS, AUTH, what a strict server would have refused, the conversation",
    query: whichMails,
    answers: { 200: { description: "The session", schema: ref("Session") }, 404: missing },
    answer: async (context, services) => {
      const { mail, letter } = await readMail(await mailOfPath(context, services));
      const { envelope, session } = mail;
      return context.json({
        ID: mail.id,
        Envelope: {
          MailFrom: envelope.mailFrom,
          Parameters: envelope.parameters,
          RcptTo: envelope.rcptTo.map(({ address, parameters }) => ({
            Address: address,
            Parameters: parameters,
          })),
          Bcc: blindCopies(envelope, letter).map((one) => addressShape(one).Address),
        },
        Connection: session.connection,
        ClientName: session.clientName,
        ClientAddress: session.clientAddress,
        ClientPort: session.clientPort,
        Protocol: session.protocol,
        TLS: session.tls
          ? {
              Version: session.tls.version,
              Cipher: session.tls.cipher,
              ServerName: session.tls.serverName ?? "",
            }
          : null,
        Auth: session.auth ? { Mechanism: session.auth.mechanism, User: session.auth.user } : null,
        Flags: session.flags,
        Transcript: session.transcript.map((entry) => entryShape({ protocol: "smtp", entry })),
      });
    },
  },
  {
    method: "GET",
    path: "/api/v1/message/{ID}/links",
    summary: "The links of a mail, in order, each address once",
    query: whichMails,
    answers: {
      200: {
        description: "The links",
        schema: object({ Links: listOf(object({ Href: text, Text: text })) }),
      },
      404: missing,
    },
    answer: async (context, services) => {
      const { letter } = await readMail(await mailOfPath(context, services));
      return context.json({ Links: letter.links.map((link) => ({ Href: link.href, Text: link.text })) });
    },
  },
  {
    method: "GET",
    path: "/api/v1/message/{ID}/codes",
    summary: "One-time codes of a mail, best guess first",
    query: whichMails,
    answers: { 200: { description: "The codes", schema: object({ Codes: listOf(text) }) }, 404: missing },
    answer: async (context, services) => {
      const { letter } = await readMail(await mailOfPath(context, services));
      return context.json({ Codes: letter.codes });
    },
  },
];
