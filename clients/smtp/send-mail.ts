import { createTransport } from "nodemailer";
import { transportOptions } from "./mail-server.ts";
import type { OutgoingMail, SendMailOptions, SendMailsOptions, SentMail, SentMails } from "./options.ts";
import { deliveryError } from "./delivery-error.ts";

/**
 * Send one mail over a connection of its own; nodemailer composes it and speaks.
 * @returns what the server said; recipients that it refused while it took others are in `refused`
 * @throws WireError CONNECT_FAILED, CONNECTION_LOST, TLS_FAILED, TIMED_OUT; REPLY_UNEXPECTED when nobody got the mail,
 * with each recipient and the reply in the message
 * @example await sendMail({ server: smtp.url, to: "ann@example.com", subject: "Hi", text: "Hello" });
 */
export async function sendMail(options: SendMailOptions): Promise<SentMail> {
  const transport = createTransport(transportOptions(options));
  return deliver(transport, options);
}

/**
 * Send a mail many times over connections that are kept.
 * @returns what the server said to each, in the order of the replies; a mail that fails does not stop the others
 */
export async function sendMails(options: SendMailsOptions): Promise<SentMails> {
  const { count = 1, concurrency = 1, onSettled, signal } = options;
  const transport = createTransport({
    ...transportOptions(options),
    pool: true,
    maxConnections: concurrency,
    maxMessages: Number.POSITIVE_INFINITY,
  });
  const sent: SentMail[] = [];
  const errors: Error[] = [];
  const startMs = performance.now();
  let begun = 0;
  const sendSome = async (): Promise<void> => {
    while (begun < count && !signal?.aborted) {
      begun++;
      try {
        sent.push(await deliver(transport, options));
      } catch (error) {
        errors.push(error as Error);
      }
      onSettled?.({ sent: sent.length, failed: errors.length });
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(concurrency, count) }, sendSome));
  } finally {
    transport.close();
  }
  return { sent, errors, tookMs: performance.now() - startMs };
}

interface Transport {
  sendMail(mail: ReturnType<typeof composed>): Promise<{
    readonly messageId: string;
    readonly response: string;
    readonly accepted: readonly string[];
    readonly rejectedErrors?:
      | readonly { readonly recipient?: string | undefined; readonly response?: string | undefined }[]
      | undefined;
  }>;
}

async function deliver(transport: Transport, options: SendMailOptions): Promise<SentMail> {
  try {
    const { messageId, response, accepted, rejectedErrors } = await transport.sendMail(composed(options));
    return {
      messageId,
      reply: response,
      accepted: [...accepted],
      refused: (rejectedErrors ?? []).map(({ recipient, response }) => ({
        address: recipient ?? "",
        reply: response ?? "",
      })),
    };
  } catch (error) {
    throw deliveryError(error, options);
  }
}

/** The mail in nodemailer's words. Nothing in it can make nodemailer read a file or fetch an address. */
function composed(mail: OutgoingMail) {
  return {
    from: mail.from ?? "portside@example.com",
    to: listed(mail.to),
    cc: listed(mail.cc),
    bcc: listed(mail.bcc),
    replyTo: mail.replyTo,
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    headers: { ...mail.headers },
    attachments: (mail.attachments ?? []).map(({ name, content, type }) => ({
      filename: name,
      content: typeof content === "string" ? content : Buffer.from(content),
      contentType: type,
    })),
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

function listed(addresses: string | readonly string[] | undefined): string[] | string | undefined {
  return typeof addresses === "string" || addresses === undefined ? addresses : [...addresses];
}
