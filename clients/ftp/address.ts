import { isIPv4 } from "node:net";
import type { AccessOptions } from "basic-ftp";
import { type FtpConnection, ftpConnectionDefaults } from "./options.ts";

/** Where a server is, as basic-ftp is told, and the folder that the URL names. */
export interface FtpAddress {
  readonly access: AccessOptions;
  readonly folder: string;
  /** The URL without its password, for messages. */
  readonly name: string;
  readonly timeoutMs: number;
}

/**
 * Read a server's URL and what goes with it.
 * @throws TypeError when the URL is not one of a file server
 */
export function ftpAddress(options: FtpConnection): FtpAddress {
  const server = options.server ?? ftpConnectionDefaults.server;
  const url = URL.parse(server);
  if (!url || !/^ftps?:$/.test(url.protocol) || url.hostname === "") {
    throw new TypeError(`server is "${server}"; give ftp://host:port or ftps://host:port`);
  }
  const isImplicit = url.protocol === "ftps:";
  if (isImplicit && options.tls === true) {
    throw new TypeError("ftps:// is TLS from the first byte; with tls (AUTH TLS) give ftp://");
  }
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const { ca, checkCertificate = ca !== undefined || !isThisMachine(host) } = options;
  const user = decodeURIComponent(url.username);
  const secure = isImplicit ? "implicit" : (options.tls ?? ftpConnectionDefaults.tls);
  url.password = "";
  return {
    access: {
      host,
      port: Number(url.port) || (isImplicit ? 990 : 21),
      secure,
      ...(user !== "" && { user, password: decodeURIComponent(URL.parse(server)?.password ?? "") }),
      ...(secure !== false && {
        secureOptions: { rejectUnauthorized: checkCertificate, ...(ca !== undefined && { ca }) },
      }),
    },
    folder: decodeURIComponent(url.pathname),
    name: url.origin === "null" ? `${url.protocol}//${url.host}` : url.origin,
    timeoutMs: options.timeoutMs ?? ftpConnectionDefaults.timeoutMs,
  };
}

function isThisMachine(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIPv4(host) && host.startsWith("127."));
}
