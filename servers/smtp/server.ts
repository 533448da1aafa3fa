import { randomBytes } from "node:crypto";
import { sharedAuthority } from "../../wire/certificate.ts";
import type { CloseOptions } from "../../wire/listener.ts";
import { FaultRules } from "../../wire/exchange/fault-rules.ts";
import type { Rules } from "../../wire/exchange/rule.ts";
import { Recorder, type Transcript } from "../../wire/transcript.ts";
import type { EngineRoom } from "./engine.ts";
import { startOnSockets } from "./engines/sockets.ts";
import { type Inbox, type MailWatcher, watchMails } from "./inbox.ts";
import type { InboxIdentity, Mailbox } from "./mailbox.ts";
import { openSqliteMailbox } from "./mailboxes/sqlite.ts";
import { resolveSmtpOptions, type ResolvedSmtpOptions, type SmtpOptions } from "./options.ts";

/** A running mail server. Nothing is ever sent onward: what it accepts, it keeps. */
export interface SmtpServer extends MailWatcher, AsyncDisposable {
  /** `smtp://127.0.0.1:1025`, or `smtp+unix:///path` for a unix socket. */
  readonly url: string;
  /** With TLS from the first byte; only when `smtpsPort` was given. */
  readonly smtpsUrl: string | undefined;
  readonly host: string;
  /** 0 for a unix socket. */
  readonly port: number;
  /** The authority that signed the server's certificate, in PEM: what a client is told to trust. */
  readonly ca: string;
  readonly mailbox: Mailbox;
  /** What was said on every connection. */
  readonly transcript: Transcript;
  /** Faults: added, listed and taken out while the server runs. */
  readonly rules: Rules;
  /** Connections now. */
  readonly connections: number;
  /** An address and credentials of its own, so that parallel tests cannot see each other's mail. */
  inbox(wanted?: Partial<InboxIdentity>): Inbox;
  /**
   * Stop accepting, say 421 to those who wait, let a message under way finish within `graceMs`, then end the rest.
   * Twice is the same as once.
   */
  close(options?: CloseOptions): Promise<void>;
}

const engines = {
  sockets: startOnSockets,
  // Few ask for it, so it is loaded when somebody does.
  "smtp-server": async (room: EngineRoom) =>
    (await import("./engines/smtp-server.ts")).startOnSmtpServer(room),
};

/**
 * Start a mail server: SMTP, ESMTP and LMTP (RFC 5321, RFC 2033) with STARTTLS, on 127.0.0.1 and a free port unless
 * told otherwise.
 * @throws WireError ADDRESS_IN_USE, CONNECT_FAILED, PEER_MISSING; TypeError for options that exclude each other
 * @example
 * await using smtp = await startSmtp();
 * const mail = await smtp.waitForMail({ subject: /welcome/i });
 */
export async function startSmtp(given: SmtpOptions = {}): Promise<SmtpServer> {
  const options = resolveSmtpOptions(given);
  const rules = new FaultRules({ dialect: "smtp", rules: options.rules, seed: options.seed });
  const mailbox = options.mailbox ?? openMailbox(options);
  const recorder = new Recorder("smtp", options.maxTranscriptEntries);
  const inboxes = new Map<string, string>();
  const room: EngineRoom = {
    options,
    mailbox,
    recorder,
    rules,
    passwordOf: (user: string) =>
      inboxes.get(user) ??
      (options.users && Object.hasOwn(options.users, user) ? options.users[user] : undefined),
  };
  const closeMailbox = async (): Promise<void> => {
    if (!options.mailbox) await mailbox.close();
  };
  const engine = await engines[options.engine](room).catch(async (error: unknown) => {
    await closeMailbox();
    throw error;
  });
  let lastSequence = (await mailbox.get("latest"))?.sequence ?? 0;
  const stopWatching = mailbox.watch((event) => {
    if (event.type === "added") lastSequence = event.mail.sequence;
  });
  const url = options.path === undefined ? `smtp://${engine.authority}` : `smtp+unix://${options.path}`;
  let closing: Promise<void> | undefined;
  const close = (closeOptions?: CloseOptions): Promise<void> =>
    (closing ??= engine.close(closeOptions).then(async () => {
      stopWatching();
      recorder.close();
      await closeMailbox();
    }));
  return {
    ...watchMails(mailbox, {}),
    url,
    smtpsUrl: engine.smtpsAuthority && `smtps://${engine.smtpsAuthority}`,
    host: engine.host,
    port: engine.port,
    get ca() {
      return options.certificate ? options.certificate.cert : sharedAuthority().certificate;
    },
    mailbox,
    transcript: recorder,
    rules,
    get connections() {
      return engine.connections;
    },
    inbox: (wanted = {}) => {
      const user = wanted.user ?? `inbox-${randomBytes(6).toString("hex")}`;
      const address = wanted.address ?? `${user}@${options.hostname}`;
      const password = randomBytes(9).toString("base64url");
      inboxes.set(user, password);
      const watcher = watchMails(mailbox, { inbox: { address, user }, afterSequence: lastSequence });
      const credentials = `${encodeURIComponent(user)}:${password}@`;
      return { ...watcher, address, user, password, url: url.replace("://", `://${credentials}`) };
    },
    close,
    [Symbol.asyncDispose]: () => close(),
  };
}

function openMailbox({ database, maxMails, maxAgeMs }: ResolvedSmtpOptions): Mailbox {
  return openSqliteMailbox({ maxMails, maxAgeMs, ...(database === undefined ? {} : { file: database }) });
}
