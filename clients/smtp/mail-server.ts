import { isIPv4 } from "node:net";
import { type MailServer, mailServerDefaults } from "./options.ts";

/** How nodemailer is told to reach a server. */
export interface TransportOptions {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  readonly auth?: { readonly user: string; readonly pass: string };
  readonly tls: { readonly rejectUnauthorized: boolean; readonly ca?: string; readonly servername?: string };
  readonly connectionTimeout: number;
  readonly greetingTimeout: number;
  readonly socketTimeout: number;
}

/**
 * Read a server's URL and what goes with it.
 * @throws TypeError when the URL is not one of a mail server
 */
export function transportOptions(options: MailServer): TransportOptions {
  const { server, timeoutMs } = { ...mailServerDefaults, ...defined(options) };
  const url = URL.parse(server);
  if (!url || !/^smtps?:$/.test(url.protocol) || url.hostname === "") {
    throw new TypeError(`server is "${server}"; give smtp://host:port or smtps://host:port`);
  }
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const secure = url.protocol === "smtps:";
  const { ca, checkCertificate = ca !== undefined || !isThisMachine(host) } = options;
  const user = decodeURIComponent(url.username);
  return {
    host,
    port: Number(url.port) || (secure ? 465 : 25),
    secure,
    ...(user === "" ? {} : { auth: { user, pass: decodeURIComponent(url.password) } }),
    tls: { rejectUnauthorized: checkCertificate, ...(ca === undefined ? {} : { ca }) },
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
  };
}

function isThisMachine(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIPv4(host) && host.startsWith("127."));
}

/** Without the fields that are undefined, so that they do not hide a default. */
function defined(options: MailServer): MailServer {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
