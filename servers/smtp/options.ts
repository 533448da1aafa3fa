import type { KeyedCertificate } from "../../wire/certificate.ts";
import { connectionLimitDefaults, type ConnectionLimits } from "../../wire/limits.ts";
import type { FaultRule } from "../../wire/exchange/rule.ts";
import type { Decisions } from "./decisions.ts";
import type { Mailbox } from "./mailbox.ts";

/** The service extensions that EHLO can offer (IANA "SMTP Service Extensions"). */
export const capabilities = [
  "PIPELINING",
  "SIZE",
  "8BITMIME",
  "SMTPUTF8",
  "DSN",
  "CHUNKING",
  "BINARYMIME",
  "ENHANCEDSTATUSCODES",
  "REQUIRETLS",
  "LIMITS",
  "STARTTLS",
  "AUTH",
  "HELP",
] as const;

export type Capability = (typeof capabilities)[number];

/** The SASL mechanisms that AUTH can offer. SCRAM proves both sides, so it needs a known password: `users`, or an inbox's. */
export const mechanisms = ["PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-256", "XOAUTH2", "OAUTHBEARER"] as const;

export type Mechanism = (typeof mechanisms)[number];

/** How to start a mail server. Every field may be left out. */
export interface SmtpOptions extends ConnectionLimits, Decisions {
  /** Address to listen on. @default "127.0.0.1" */
  readonly host?: string;
  /**
   * What speaks SMTP: our own sessions on sockets, or nodemailer's smtp-server, an optional package that does less
   * (servers/smtp/README.md). @default "sockets"
   */
  readonly engine?: "sockets" | "smtp-server";
  /** TCP port; 0 takes a free one. @default 0 */
  readonly port?: number;
  /** Another port with TLS from the first byte (RFC 8314); 0 takes a free one. @default none */
  readonly smtpsPort?: number;
  /** A unix socket instead of host and port. @default none */
  readonly path?: string;
  /**
   * The server stands behind a proxy: every connection must begin with a PROXY header (version 1 or 2), which says who
   * the client is; one without it is closed. @default false
   */
  readonly acceptsProxyProtocol?: boolean;
  /** The name the server calls itself. @default "mail.test" */
  readonly hostname?: string;
  /** What stands behind the name in the greeting. @default "ESMTP Portside" */
  readonly greeting?: string;
  /** Service extensions that EHLO offers; parameters of others are refused with 555. @default all of them */
  readonly capabilities?: readonly Capability[];
  /** SASL mechanisms that are offered. @default all; SCRAM-SHA-256 only with `users` */
  readonly mechanisms?: readonly Mechanism[];
  /** Names and passwords that are accepted besides the inboxes'. @default any name with any password */
  readonly users?: Readonly<Record<string, string>>;
  /** Refuse MAIL with 530 before AUTH (RFC 4954 section 6). @default false */
  readonly requireAuth?: boolean;
  /** Refuse everything but EHLO, NOOP, STARTTLS and QUIT with 530 before TLS, and offer no AUTH there (RFC 3207 section 4). @default false */
  readonly requireTls?: boolean;
  /** Certificate and key of the server in PEM. @default one of its own, signed by `smtp.ca` */
  readonly certificate?: KeyedCertificate;
  /**
   * Let clients in this process trust the server's own certificate, from the first use of TLS on. Clients elsewhere
   * are given `smtp.ca`. @default true
   */
  readonly isTrustedInProcess?: boolean;
  /** The oldest TLS version that is accepted. @default "TLSv1.2" */
  readonly minTlsVersion?: "TLSv1" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3";
  /** Refuse what is otherwise accepted and flagged (servers/smtp/README.md). @default false */
  readonly strict?: boolean;
  /** Largest message accepted, in bytes; a larger one is answered 552 (RFC 1870 section 6.1). @default 52_428_800 */
  readonly maxMessageBytes?: number;
  /** Recipients of one message; more are answered 452 (RFC 5321 section 4.5.3.1.10). @default 1_000 */
  readonly maxRecipients?: number;
  /** Unknown commands in a row after which the connection is closed with 421. @default 10 */
  readonly maxUnknownCommands?: number;
  /** Failed logins after which the connection is closed with 421. @default 5 */
  readonly maxAuthFailures?: number;
  /** How long a callback may take, in milliseconds; after that 451. @default 30_000 */
  readonly decisionTimeoutMs?: number;
  /** Where mails are kept, instead of `database`. It is not closed with the server. @default one of its own */
  readonly mailbox?: Mailbox;
  /** A file for the mails, created when it is not there. @default none: in memory */
  readonly database?: string;
  /** Mails that are kept; the oldest go first. @default Infinity */
  readonly maxMails?: number;
  /** Age in milliseconds at which a mail is removed. @default Infinity */
  readonly maxAgeMs?: number;
  /** Transcript entries that are kept; the oldest go first. @default 10_000 */
  readonly maxTranscriptEntries?: number;
  /** Faults from the first connection on: typed rules, scripts with `(whenever)` blocks, or paths of `.exchange` files. @default none */
  readonly rules?: readonly (FaultRule | string)[];
  /** Of everything in the rules that happens by chance. @default that of the scripts, or 0 */
  readonly seed?: number;
}

type Optional =
  | keyof Decisions
  | "smtpsPort"
  | "path"
  | "mechanisms"
  | "users"
  | "certificate"
  | "mailbox"
  | "database"
  | "seed";

/** The options with everything filled in that has a default. */
export type ResolvedSmtpOptions = Required<Omit<SmtpOptions, Optional>> & Pick<SmtpOptions, Optional>;

export const smtpDefaults: Required<Omit<SmtpOptions, Optional>> = {
  ...connectionLimitDefaults,
  engine: "sockets",
  host: "127.0.0.1",
  port: 0,
  acceptsProxyProtocol: false,
  hostname: "mail.test",
  greeting: "ESMTP Portside",
  capabilities,
  requireAuth: false,
  requireTls: false,
  isTrustedInProcess: true,
  minTlsVersion: "TLSv1.2",
  strict: false,
  maxMessageBytes: 52_428_800,
  maxRecipients: 1_000,
  maxUnknownCommands: 10,
  maxAuthFailures: 5,
  decisionTimeoutMs: 30_000,
  maxMails: Infinity,
  maxAgeMs: Infinity,
  maxTranscriptEntries: 10_000,
  rules: [],
};

/**
 * The options merged with the defaults.
 * @throws TypeError for a combination that cannot work
 */
export function resolveSmtpOptions(options: SmtpOptions): ResolvedSmtpOptions {
  const resolved: ResolvedSmtpOptions = { ...smtpDefaults, ...options };
  if (
    resolved.requireTls &&
    !resolved.capabilities.includes("STARTTLS") &&
    resolved.smtpsPort === undefined
  ) {
    throw new TypeError("startSmtp: requireTls needs STARTTLS among capabilities, or a smtpsPort");
  }
  if (resolved.requireAuth && !resolved.capabilities.includes("AUTH")) {
    throw new TypeError("startSmtp: requireAuth needs AUTH among capabilities");
  }
  if (
    resolved.mailbox &&
    (resolved.database !== undefined || options.maxMails !== undefined || options.maxAgeMs !== undefined)
  ) {
    throw new TypeError(
      "startSmtp: database, maxMails and maxAgeMs belong to the server's own mailbox; give them to the mailbox you pass, or leave mailbox out",
    );
  }
  if (resolved.path !== undefined && options.port !== undefined) {
    throw new TypeError("startSmtp: path (a unix socket) and port exclude each other; give one of them");
  }
  return resolved;
}
