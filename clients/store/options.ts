/** How to reach a store. */
export interface StoreClientOptions {
  /** `redis://[user:password@]host:port[/database]` or `redis+unix:///path`. @default "redis://127.0.0.1:6379" */
  readonly url?: string;
  /** What AUTH says; before the one of the URL. @default none */
  readonly password?: string;
  /** How long a connection may take to be made. @default 10_000 */
  readonly connectTimeoutMs?: number;
  /** After a lost subscription: the first wait before it is made again; each one after it is twice as long. @default 50 */
  readonly retryDelayMs?: number;
  /** The longest wait between two attempts. @default 2_000 */
  readonly maxRetryDelayMs?: number;
}

export const storeClientDefaults = {
  url: "redis://127.0.0.1:6379",
  connectTimeoutMs: 10_000,
  retryDelayMs: 50,
  maxRetryDelayMs: 2_000,
} as const satisfies StoreClientOptions;

/** Where a store is, and who one is there. */
export interface StoreAddress {
  readonly to: { readonly host: string; readonly port: number } | { readonly path: string };
  /** For messages. */
  readonly name: string;
  /** What is said before anything else. */
  readonly opening: readonly (readonly string[])[];
}

/** @throws TypeError for a URL of something else */
export function addressOf({ url = storeClientDefaults.url, password }: StoreClientOptions): StoreAddress {
  const match = /^redis(?<unix>\+unix)?:/.exec(url);
  if (!match) throw new TypeError(`connectStore: ${url} is no redis:// or redis+unix:// URL`);
  const { hostname, port, pathname, username, password: urlPassword } = new URL(url);
  const secret = password ?? decodeURIComponent(urlPassword);
  const user = username === "" ? [] : [decodeURIComponent(username)];
  const opening = secret === "" ? [] : [["AUTH", ...user, secret]];
  if (match.groups?.["unix"]) return { to: { path: pathname }, name: pathname, opening };
  const host = hostname.replace(/^\[|\]$/g, "");
  const database = pathname.slice(1);
  if (database !== "") opening.push(["SELECT", database]);
  return { to: { host, port: Number(port || 6379) }, name: `${hostname}:${port || 6379}`, opening };
}
