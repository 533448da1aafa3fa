import { createHash, timingSafeEqual } from "node:crypto";
import { isPattern, matchesPattern } from "./patterns.ts";
import { isWithin, resolvePath } from "./paths.ts";

/** Somebody who may log in. */
export interface User {
  readonly name: string;
  /** Any password when left out. */
  readonly password?: string;
  /** The account that PASS answers 332 for, and ACCT must name. */
  readonly account?: string;
  /** The folder that is the user's root; nothing above it exists for them. @default "/" */
  readonly home?: string;
  /** Only reads. @default false */
  readonly isReadOnly?: boolean;
  /** Rules by path, the first that fits decides; without a fitting rule everything (or, read-only, reading) is allowed. */
  readonly permissions?: readonly Permission[];
}

/** What may be done with the files of one pattern, seen from the user's root: `{ path: "in/**", allow: "write" }`. */
export interface Permission {
  /** A path, which includes everything below it, or a pattern. */
  readonly path: string;
  readonly allow: "nothing" | "read" | "write" | "read and write";
}

/** Decides who may log in: the user, or `undefined` for 530. */
export type Authenticate = (name: string, password: string) => User | undefined | Promise<User | undefined>;

/** Users of a list. Passwords are compared in constant time; an empty list lets everybody in. */
export function authenticateFrom(users: readonly User[], allowsAnonymous: boolean): Authenticate {
  const byName = new Map(users.map((user) => [user.name, user]));
  return (name, password) => {
    const isAnonymous = name === "anonymous" || name === "ftp";
    if (allowsAnonymous && isAnonymous && !byName.has(name)) return { name, isReadOnly: users.length > 0 };
    if (byName.size === 0) return { name };
    const user = byName.get(name);
    if (user === undefined) return undefined;
    return user.password === undefined || isSame(user.password, password) ? user : undefined;
  };
}

function isSame(expected: string, given: string): boolean {
  return timingSafeEqual(digest(expected), digest(given));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

export type Deed = "read" | "write";

/** Whether a user may do this with a path, seen from their root. */
export function isAllowed(user: User, deed: Deed, path: string): boolean {
  if (user.isReadOnly === true && deed === "write") return false;
  const rule = user.permissions?.find((permission) => covers(permission.path, path));
  return rule === undefined || rule.allow.includes(deed);
}

function covers(pattern: string, path: string): boolean {
  return isPattern(pattern)
    ? matchesPattern(pattern.replace(/^\//, ""), path.slice(1))
    : isWithin(path, resolvePath("/", pattern));
}

/**
 * A user as the command line writes them: `name:password[:ro][:home]`.
 * @throws TypeError when there is no password
 */
export function parseUser(text: string): User {
  const [name = "", password, ...rest] = text.split(":");
  if (name === "" || password === undefined) {
    throw new TypeError(`a user is name:password[:ro][:home], not "${text}"`);
  }
  const isReadOnly = rest[0] === "ro";
  const home = isReadOnly ? rest[1] : rest[0];
  return { name, password, isReadOnly, ...(home === undefined ? {} : { home: resolvePath("/", home) }) };
}
