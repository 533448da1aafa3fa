import { createHash, timingSafeEqual } from "node:crypto";
import { type Asked, foreignness } from "../pages/guard.ts";
import type { DashboardOptions } from "./options.ts";
import { Refusal } from "./refusal.ts";

/** A request, as far as it tells who may ask. */
export interface RequestHead extends Asked {
  /** Without the webroot. */
  readonly path: string;
}

type GuardOptions = Pick<Required<DashboardOptions>, "hostNames" | "allowedOrigins" | "credentials" | "host">;

/** Why a request is not answered; undefined when it may pass. */
export function guard(request: RequestHead, options: GuardOptions): Refusal | undefined {
  const reason = foreignness(request, options);
  return reason === undefined ? unknownUser(request, options) : new Refusal(403, reason);
}

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
