import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** Who may come in. */
export interface Users {
  /** Whether anybody has to log in; when nobody has, everybody is in. */
  readonly areAsked: boolean;
  /** Whether this is a user and the password; it takes as long for a wrong one as for a right one. */
  knows(user: string, password: string): boolean;
}

/** @param passwords by user */
export function makeUsers(passwords: Readonly<Record<string, string>>): Users {
  // Digests have one length, and a key of this process makes them worthless elsewhere.
  const key = randomBytes(32);
  const digest = (text: string): Buffer => createHmac("sha256", key).update(text).digest();
  const known = new Map(Object.entries(passwords).map(([user, password]) => [user, digest(password)]));
  const nobody = randomBytes(32);
  return {
    areAsked: known.size > 0,
    knows: (user, password) => timingSafeEqual(digest(password), known.get(user) ?? nobody),
  };
}

/** The name and password of a `Proxy-Authorization: Basic …` (RFC 7617); nothing when it is none. */
export function parseBasic(
  value: string | undefined,
): { readonly user: string; readonly password: string } | undefined {
  const token = /^Basic +([A-Za-z\d+/]+={0,2})$/i.exec(value ?? "")?.[1];
  if (token === undefined) return undefined;
  const text = Buffer.from(token, "base64").toString();
  const colon = text.indexOf(":");
  return colon === -1 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}
