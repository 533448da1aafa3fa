import { isIP } from "node:net";

/**
 * Who may ask. A server on a port that every page in somebody's browser can reach must be asked by a host that cannot
 * be rebound (a DNS name of an attacker that points to 127.0.0.1), and not by a page of another origin. Programs such
 * as curl send neither Origin nor Sec-Fetch-Site and are let through.
 */
export interface Asked {
  readonly method: string;
  header(name: string): string | undefined;
}

/** Who else may ask than a page of the same origin, by the server's own names. */
export interface Admission {
  /** What the server listens on. */
  readonly host: string;
  /** Host names beside localhost and addresses; `*` for any. */
  readonly hostNames: readonly string[];
  /** Origins of other pages: `http://localhost:3000`; `*` for any. */
  readonly allowedOrigins: readonly string[];
}

/** Why a request is refused with 403, in one sentence; undefined when it may pass. */
export function foreignness(asked: Asked, admission: Admission): string | undefined {
  return foreignHost(asked, admission) ?? foreignOrigin(asked, admission);
}

function foreignHost(asked: Asked, { hostNames, host }: Admission): string | undefined {
  const name = hostName(asked.header("host") ?? "");
  const isKnown =
    name === "localhost" ||
    name.endsWith(".localhost") ||
    isIP(name) !== 0 ||
    [host, ...hostNames].some((own) => own === "*" || own.toLowerCase() === name);
  if (isKnown) return undefined;
  return (
    `Host ${JSON.stringify(name)} is not one of ours. Ask by localhost or by address, or start the server with ` +
    `hostNames: [${JSON.stringify(name)}] when that name is yours.`
  );
}

/** The host of a Host header without port and brackets, in lower case; empty when it is none. */
function hostName(header: string): string {
  const [, name = ""] = /^(\[[0-9a-f:.]+\]|[\w.-]+?)\.?(?::\d+)?$/i.exec(header) ?? [];
  return name.replace(/^\[|\]$/g, "").toLowerCase();
}

function foreignOrigin(asked: Asked, { allowedOrigins }: Admission): string | undefined {
  const origin = asked.header("origin");
  if (allowedOrigins.includes("*")) return undefined;
  if (origin !== undefined) {
    if (allowedOrigins.includes(origin) || isOwn(origin, asked.header("host") ?? "")) return undefined;
    return foreign(origin);
  }
  const site = asked.header("sec-fetch-site");
  if (site === undefined || site === "same-origin" || site === "none") return undefined;
  // Following a link to us from another page is no more than typing our address.
  const isVisit =
    asked.header("sec-fetch-mode") === "navigate" && asked.header("sec-fetch-dest") === "document";
  return isVisit && asked.method === "GET" ? undefined : foreign("another site");
}

/** A proxy in front may speak https, so only the host is compared. */
const isOwn = (origin: string, host: string): boolean => /^https?:\/\/(.+)$/i.exec(origin)?.[1] === host;

const foreign = (origin: string): string =>
  `A page of ${origin} may not use this server. Start the server with allowedOrigins: ` +
  `["http://host:port"] naming that page's origin, or send the request without a browser.`;
