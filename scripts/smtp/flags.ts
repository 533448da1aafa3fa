import type { OptionsOf } from "../command-line.ts";
import {
  CommandError,
  durationMs,
  listenAddress,
  port,
  positiveNumber,
  text,
  toggle,
  value,
  values,
  wholeNumber,
} from "../command-line/flags.ts";
import { ruleFlags } from "../command-line/rules.ts";
import { serveFlags } from "../serve.ts";
import { chaosTriggers } from "./chaos-triggers.ts";

/** The flags of the mail server, with the names and variables that Mailpit's users know. */
export const mailFlags = {
  smtp: value(
    {
      argument: "[ip]:port",
      help: "where the mail server listens; default 127.0.0.1:1025, port 0 takes a free one",
      letter: "s",
      env: ["MP_SMTP_BIND_ADDR"],
    },
    listenAddress,
  ),
  smtps: value(
    {
      argument: "port",
      help: "the port with TLS from the first byte; default 1465, or a free one when --smtp names another port",
    },
    port,
  ),
  listen: values(
    {
      argument: "[ip]:port",
      help: "where the dashboard and the REST calls listen; default 127.0.0.1:8025",
      letter: "l",
      env: ["MP_UI_BIND_ADDR"],
    },
    listenAddress,
  ),
  webroot: value(
    { argument: "PATH", help: "the path of the dashboard behind a proxy: /mail", env: ["MP_WEBROOT"] },
    text,
  ),
  label: value(
    { argument: "TEXT", help: "a name for the dashboard, to tell several apart", env: ["MP_LABEL"] },
    text,
  ),
  uiAuth: values(
    {
      argument: "user:password",
      help: "ask for one of these logins on the dashboard; default open",
      env: ["MP_UI_AUTH"],
    },
    login,
  ),
  hostName: values(
    {
      argument: "NAME",
      help: "a host name under which the dashboard may be asked, beside localhost; * for any",
    },
    text,
  ),
  allowOrigin: values(
    {
      argument: "ORIGIN",
      help: "a page whose scripts may use the REST calls: http://localhost:3000",
      aliases: ["api-cors"],
      env: ["MP_API_CORS"],
    },
    text,
  ),
  database: value(
    {
      argument: "FILE",
      help: "keep the mails in this file; default in memory",
      letter: "d",
      aliases: ["db-file"],
      env: ["MP_DATABASE", "MP_DATA_FILE"],
    },
    text,
  ),
  max: value(
    {
      argument: "N",
      help: "keep the newest N mails; default all, as with 0",
      letter: "m",
      env: ["MP_MAX_MESSAGES"],
    },
    wholeNumber,
  ),
  maxAge: value(
    { argument: "AGE", help: "remove mails older than 3d, 12h …", env: ["MP_MAX_AGE"] },
    durationMs,
  ),
  smtpAuth: values(
    {
      argument: "user:password",
      help: "accept only these logins, and no mail without one; default any login or none",
      env: ["MP_SMTP_AUTH"],
    },
    login,
  ),
  smtpTlsCert: value(
    {
      argument: "FILE",
      help: "certificate in PEM; default one that is made at the start",
      aliases: ["tls-cert"],
      env: ["MP_SMTP_TLS_CERT"],
    },
    text,
  ),
  smtpTlsKey: value(
    {
      argument: "FILE",
      help: "the key of the certificate in PEM",
      aliases: ["tls-key"],
      env: ["MP_SMTP_TLS_KEY"],
    },
    text,
  ),
  smtpRequireTls: toggle({
    help: "refuse mail without STARTTLS or TLS",
    env: ["MP_SMTP_REQUIRE_TLS", "MP_SMTP_REQUIRE_STARTTLS"],
  }),
  smtpMaxRecipients: value(
    {
      argument: "N",
      help: "recipients of one mail; default 1000",
      env: ["MP_SMTP_MAX_RECIPIENTS"],
    },
    positiveNumber,
  ),
  chaosTriggers: value(
    {
      argument: "WHAT:CODE:PERCENT",
      help: "answer Sender, Recipient or Authentication with an error so often: Sender:451:50,Recipient:550:5",
      env: ["MP_CHAOS_TRIGGERS"],
    },
    chaosTriggers,
  ),
  ...ruleFlags,
  ...serveFlags,
} as const;

/** What was asked of the mail server. */
export type MailFlags = OptionsOf<typeof mailFlags>;

function login(given: string, name: string): readonly [user: string, password: string] {
  const colon = given.indexOf(":");
  if (colon < 1) throw new CommandError(`${name} has no user or no colon; give user:password`);
  return [given.slice(0, colon), given.slice(colon + 1)];
}
