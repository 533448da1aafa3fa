import { createSecureContext } from "node:tls";
import { chaosRules, type FileFace, startDashboard } from "../servers/dashboard/index.ts";
import { type SmtpOptions, startSmtp } from "../servers/smtp/index.ts";
import { readNamedFile } from "./command-line/files.ts";
import { CommandError } from "./command-line/flags.ts";
import { given } from "./command-line/given.ts";
import { command, main } from "./command-line.ts";
import { compared } from "./compare/explain/face.ts";
import { serve, type Service } from "./serve.ts";
import { type MailFlags, mailFlags } from "./smtp/flags.ts";
import { mailScreen } from "./smtp/screen.ts";

/** `npm run smtp`: the mail server and its dashboard, without the other servers. */
export const smtp = command({
  name: "smtp",
  summary: "a mail server that keeps every mail, and a page that shows them",
  flags: mailFlags,
  examples: [
    "portside smtp --smtp :1025 --listen :8025 --database mails.db",
    "portside smtp --smtp :0 --listen :0 --json",
  ],
  run: (options) => serve(() => startMail(options), options),
});

/**
 * Start the mail server and a dashboard at each address asked for; none when one of them cannot start.
 * @param files a file server that the dashboards show as well
 */
export async function startMail(flags: MailFlags, files?: FileFace): Promise<Service> {
  const mail = await startSmtp(await smtpOptions(flags));
  const compare = compared();
  const dashboards: Awaited<ReturnType<typeof startDashboard>>[] = [];
  const close = async (options: { readonly graceMs?: number }): Promise<void> => {
    // The mailbox is closed with the mail server, so those who read it go first.
    await Promise.all(dashboards.map((dashboard) => dashboard.close(options)));
    await Promise.all([mail.close(options), compare.close()]);
  };
  try {
    const { mailbox, transcript, url } = mail;
    const face = {
      mailbox,
      transcript,
      url,
      inbox: () => mail.inbox(),
      database: flags.database ?? "",
      chaos: chaosRules(mail.rules, Object.fromEntries(flags.chaosTriggers ?? [])),
      // Made when it is asked for: most never use TLS.
      get ca() {
        return mail.ca;
      },
    };
    const shown = {
      ...given({ webroot: flags.webroot, label: flags.label }),
      credentials: Object.fromEntries(flags.uiAuth),
      hostNames: flags.hostName,
      allowedOrigins: flags.allowOrigin,
    };
    for (const address of flags.listen.length > 0 ? flags.listen : [usualDashboard]) {
      dashboards.push(await startDashboard({ mail: face, files, compare, ...address, ...shown }));
    }
  } catch (error) {
    await close({ graceMs: 0 });
    throw error;
  }
  const urls = dashboards.map(({ url }) => url);
  return {
    ready: {
      smtp: mail.url,
      ...(mail.smtpsUrl === undefined ? {} : { smtps: mail.smtpsUrl }),
      inbox: urls[0] ?? "",
    },
    ...mailScreen({ smtp: mail.url, smtps: mail.smtpsUrl, inboxes: urls, database: flags.database }),
    transcripts: [mail.transcript],
    rules: [mail.rules],
    close,
  };
}

const usualMail = { host: "127.0.0.1", port: 1025 };
const usualDashboard = { host: "127.0.0.1", port: 8025 };
const usualSmtpsPort = 1465;

async function smtpOptions(flags: MailFlags): Promise<SmtpOptions> {
  const { host, port } = flags.smtp ?? usualMail;
  const hasUsers = flags.smtpAuth.length > 0;
  return {
    host,
    port,
    // Whoever chose a port of his own runs a second one, or a test: it must not meet others at the usual one.
    smtpsPort: flags.smtps ?? (port === usualMail.port ? usualSmtpsPort : 0),
    requireAuth: hasUsers,
    requireTls: flags.smtpRequireTls,
    // There are no clients in this process, and reading all of Node's authorities takes 20 ms of the start.
    isTrustedInProcess: false,
    rules: flags.rules,
    ...given({
      seed: flags.seed,
      database: flags.database,
      // As in Mailpit, 0 means no limit.
      maxMails: flags.max || undefined,
      maxAgeMs: flags.maxAge || undefined,
      maxRecipients: flags.smtpMaxRecipients,
      users: hasUsers ? Object.fromEntries(flags.smtpAuth) : undefined,
      certificate: await certificateOf(flags),
    }),
  };
}

async function certificateOf(flags: MailFlags): Promise<SmtpOptions["certificate"]> {
  const { smtpTlsCert: certFile, smtpTlsKey: keyFile } = flags;
  if (certFile === undefined && keyFile === undefined) return undefined;
  if (certFile === undefined || keyFile === undefined) {
    throw new CommandError("--smtp-tls-cert and --smtp-tls-key belong together; give both, or none");
  }
  const cert = await readNamedFile(certFile, "--smtp-tls-cert");
  const key = await readNamedFile(keyFile, "--smtp-tls-key");
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CommandError(
      `${certFile} and ${keyFile} are no certificate and its key (${why}); give both in PEM`,
    );
  }
  return { cert: cert.toString(), key: key.toString() };
}

if (import.meta.main) await main(smtp);
