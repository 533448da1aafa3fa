import type { KeyedCertificate } from "../../wire/certificate.ts";
import type { FaultRule } from "../../wire/exchange/rule.ts";
import { connectionLimitDefaults, type ConnectionLimits } from "../../wire/limits.ts";
import type { WebHandler } from "./reply.ts";
import type { OnUpgrade } from "./upgrade.ts";

/** How to start a web server. Every field may be left out. */
export interface WebOptions extends ConnectionLimits {
  /** Address to listen on. @default "127.0.0.1" */
  readonly host?: string;
  /** TCP port; 0 takes a free one. @default 0 */
  readonly port?: number;
  /** Another port with TLS from the first byte; 0 takes a free one. @default none */
  readonly httpsPort?: number;
  /** More addresses to listen on, without TLS: `[{ host: "::1" }]`. @default none */
  readonly alsoListen?: readonly { readonly host?: string; readonly port?: number }[];
  /** Certificate and key of the server in PEM. @default one of its own, signed by `web.ca` */
  readonly certificate?: KeyedCertificate;
  /**
   * Let clients in this process trust the server's own certificate. Clients elsewhere are given `web.ca`.
   * @default true
   */
  readonly isTrustedInProcess?: boolean;
  /** A folder whose files are served to GET and HEAD; nothing outside of it ever is. @default none */
  readonly root?: string;
  /** Who answers what: `"GET /users/:id"`, `"/any/method"`, `"POST /files/*"`. They come before the files. @default none */
  readonly routes?: Readonly<Record<string, WebHandler>>;
  /** Asked about every request to switch to another protocol; without an answer it is a request like others. @default none */
  readonly onUpgrade?: OnUpgrade;
  /** The file that stands for its folder. @default "index.html" */
  readonly index?: string;
  /** Show what is in a folder without an index; otherwise it is answered 404. @default true */
  readonly listing?: boolean;
  /** Compress files that gain by it, for clients that take gzip or br; `.gz` and `.br` files beside them come first. @default true */
  readonly compression?: boolean;
  /** From the first byte of a head to its last, however slowly it trickles; then 408. @default 60_000 */
  readonly headTimeoutMs?: number;
  /** First line and fields; more is answered 431, or 414 when it is the first line alone. @default 16_384 */
  readonly maxHeadBytes?: number;
  /** Fields of one head; more are answered 431. @default 100 */
  readonly maxFields?: number;
  /** Body of one request; a longer one is answered 413. @default 104_857_600 */
  readonly maxBodyBytes?: number;
  /** Requests on one connection; the last is answered with `Connection: close`. @default Infinity */
  readonly maxRequestsPerConnection?: number;
  /** Requests that are kept for `requests()` and `waitForRequest()`; the oldest go first. @default 10_000 */
  readonly maxRequests?: number;
  /** Of each request's body, how much is kept with it; of all together 1,000 times that. @default 65_536 */
  readonly maxKeptBodyBytes?: number;
  /** Transcript entries that are kept; the oldest go first. @default 10_000 */
  readonly maxTranscriptEntries?: number;
  /** Faults from the first connection on; `on` is the beginning of a request: `"GET /slow"`. @default none */
  readonly rules?: readonly (FaultRule | string)[];
  /** Of everything in the rules that happens by chance. @default that of the scripts, or 0 */
  readonly seed?: number;
}

type Optional = "seed" | "httpsPort" | "certificate" | "root" | "onUpgrade";

/** The options with everything filled in that has a default. */
export type ResolvedWebOptions = Required<Omit<WebOptions, Optional>> & Pick<WebOptions, Optional>;

export const webDefaults: Required<Omit<WebOptions, Optional>> = {
  ...connectionLimitDefaults,
  host: "127.0.0.1",
  port: 0,
  alsoListen: [],
  isTrustedInProcess: true,
  routes: {},
  index: "index.html",
  listing: true,
  compression: true,
  headTimeoutMs: 60_000,
  maxHeadBytes: 16_384,
  maxFields: 100,
  maxBodyBytes: 104_857_600,
  maxRequestsPerConnection: Infinity,
  maxRequests: 10_000,
  maxKeptBodyBytes: 65_536,
  maxTranscriptEntries: 10_000,
  rules: [],
};

/**
 * The options merged with the defaults.
 * @throws TypeError for a value that cannot be
 */
export function resolveWebOptions(options: WebOptions): ResolvedWebOptions {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const resolved: ResolvedWebOptions = { ...webDefaults, ...Object.fromEntries(given) };
  if (/[/\\\0]/.test(resolved.index) || resolved.index === "") {
    throw new TypeError(
      `startWeb: index is the name of a file, such as "index.html", not "${resolved.index}"`,
    );
  }
  if (!(resolved.maxHeadBytes >= 64)) {
    throw new TypeError(`startWeb: maxHeadBytes must be at least 64, got ${resolved.maxHeadBytes}`);
  }
  return resolved;
}
