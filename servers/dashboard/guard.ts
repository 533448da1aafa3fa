import { createHash, timingSafeEqual } from "node:crypto";
import { isIP } from "node:net";
import type { DashboardOptions } from "./options.ts";
import { Refusal } from "./refusal.ts";

/**
 * Who may ask. The dashboard listens on a port that every page in the reader's browser can reach, so a request must
 * name a host that cannot be rebound (a DNS name of an attacker that points to 127.0.0.1), and must not come from a
 * page of another origin. Programs such as curl send neither Origin nor Sec-Fetch-Site and are let through.
 */
export interface RequestHead {
  readonly method: string;
  /** Without the webroot. */
  readonly path: string;
  header(name: string): string | undefined;
}

type GuardOptions = Pick<Required<DashboardOptions>, "hostNames" | "allowedOrigins" | "credentials" | "host">;

/** Why a request is not answered; undefined when it may pass. */
export function guard(request: RequestHead, options: GuardOptions): Refusal | undefined {
  return foreignHost(request, options) ?? foreignOrigin(request, options) ?? unknownUser(request, options);
}

function foreignHost(request: RequestHead, { hostNames, host }: GuardOptions): Refusal | undefined {
  const asked = hostName(request.header("host") ?? "");
  const isKnown =
    asked === "localhost" ||
    asked.endsWith(".localhost") ||
    isIP(asked) !== 0 ||
    [host, ...hostNames].some((name) => name === "*" || name.toLowerCase() === asked);
  if (isKnown) return undefined;
  return new Refusal(
    403,
    `Host ${JSON.stringify(asked)} is not one of ours. Ask by localhost or by address, or start the dashboard with ` +
      `hostNames: [${JSON.stringify(asked)}] when that name is yours.`,
  );
}

/** The host of a Host header without port and brackets, in lower case; empty when it is none. */
function hostName(header: string): string {
  const [, name = ""] = /^(\[[0-9a-f:.]+\]|[\w.-]+?)\.?(?::\d+)?$/i.exec(header) ?? [];
  return name.replace(/^\[|\]$/g, "").toLowerCase();
}

function foreignOrigin(request: RequestHead, { allowedOrigins }: GuardOptions): Refusal | undefined {
  const origin = request.header("origin");
  if (origin !== undefined) {
    if (allowedOrigins.includes(origin) || isOwn(origin, request.header("host") ?? "")) return undefined;
    return foreign(origin);
  }
  const site = request.header("sec-fetch-site");
  if (site === undefined || site === "same-origin" || site === "none") return undefined;
  // Following a link to us from another page is no more than typing our address.
  const isVisit =
    request.header("sec-fetch-mode") === "navigate" && request.header("sec-fetch-dest") === "document";
  return isVisit && request.method === "GET" ? undefined : foreign("another site");
}

/** A proxy in front may speak https, so only the host is compared. */
const isOwn = (origin: string, host: string): boolean => /^https?:\/\/(.+)$/i.exec(origin)?.[1] === host;

const foreign = (origin: string): Refusal =>
  new Refusal(
    403,
    `A page of ${origin} may not use this server. Start the dashboard with allowedOrigins: ` +
      `["http://host:port"] naming that page's origin, or send the request without a browser.`,
  );

const open = new Set(["/livez", "/readyz"]);

function unknownUser(request: RequestHead, { credentials }: GuardOptions): Refusal | undefined {
  if (Object.keys(credentials).length === 0 || open.has(request.path)) return undefined;
  const login = loginOf(request.header("authorization"));
  const isKnown = Object.entries(credentials)
    .map(([user, password]) => isSame(login, `${user}:${password}`))
    .includes(true);
  return isKnown ? undefined : new Refusal(401, "This dashboard asks for a user and a password.");
}

/** `user:password` of an Authorization header (RFC 7617 section 2). */
function loginOf(header = ""): string {
  const given = /^basic\s+(\S+)$/i.exec(header)?.[1] ?? "";
  return Buffer.from(given, "base64").toString("utf8");
}

/** The user who asks; empty without a login. */
export const userOf = (header: string | undefined): string => loginOf(header).split(":")[0] ?? "";

/** Compares digests, so that the time taken tells nothing of the secret. */
function isSame(a: string, b: string): boolean {
  const digest = (value: string): Buffer => createHash("sha256").update(value).digest();
  return timingSafeEqual(digest(a), digest(b));
}
