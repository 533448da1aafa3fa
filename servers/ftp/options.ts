import type { KeyedCertificate } from "../../wire/certificate.ts";
import type { FaultRule } from "../../wire/exchange/rule.ts";
import { connectionLimitDefaults, type ConnectionLimits } from "../../wire/limits.ts";
import type { FileSystem } from "./file-system.ts";
import type { Authenticate, User } from "./users.ts";

/** Ports for passive data connections, both ends included. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** How to start a file server. Every field may be left out. */
export interface FtpOptions extends ConnectionLimits {
  /** Address to listen on. @default "127.0.0.1" */
  readonly host?: string;
  /** TCP port; 0 takes a free one. @default 0 */
  readonly port?: number;
  /** Another port with TLS from the first byte; 0 takes a free one. @default none */
  readonly ftpsPort?: number;
  /** More addresses to listen on, without implicit TLS: `[{ host: "::1" }]`. @default none */
  readonly alsoListen?: readonly { readonly host?: string; readonly port?: number }[];
  /** What is served: paths and contents to begin with, in memory, or a file system. @default an empty one in memory */
  readonly files?: FileSystem | Readonly<Record<string, string | Uint8Array>>;
  /** A folder on disk in place of `files`. @default none */
  readonly root?: string;
  /** With `root`: uploads have a temporary name until they are complete. @default false */
  readonly atomicUploads?: boolean;
  /** Bytes that all files together may take, in memory or in `root`; more is answered 552. @default Infinity */
  readonly quotaBytes?: number;
  /** Who may log in. @default anybody, with any password */
  readonly users?: readonly User[];
  /** Let `anonymous` and `ftp` in beside `users`, to read. @default false */
  readonly allowAnonymous?: boolean;
  /** Decides about logins in place of `users`. @default none */
  readonly authenticate?: Authenticate;
  /** Refuse USER before TLS with 530, and clear data connections with 521. @default false */
  readonly requireTls?: boolean;
  /** Refuse data connections whose TLS session is not a resumed one with 522. @default false */
  readonly requireTlsReuse?: boolean;
  /**
   * Let CCC take the control connection out of TLS after the login; data connections stay as PROT has them. Whoever is on
   * the way can read and change commands then. Otherwise CCC is answered 534. @default false
   */
  readonly allowCcc?: boolean;
  /** Certificate and key of the server in PEM. @default one of its own, signed by `ftp.ca` */
  readonly certificate?: KeyedCertificate;
  /**
   * Let clients in this process trust the server's own certificate, from the first use of TLS on. Clients elsewhere
   * are given `ftp.ca`. @default true
   */
  readonly isTrustedInProcess?: boolean;
  /** The oldest TLS version that is accepted. @default "TLSv1.2" */
  readonly minTlsVersion?: "TLSv1" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3";
  /** Ports for passive data connections. @default free ones */
  readonly passivePorts?: PortRange;
  /** The IPv4 address told in 227 replies, for clients behind a translation. @default the one they connected to */
  readonly passiveAddress?: string;
  /** Let PORT and EPRT name another machine, and data connections come from one (server to server). @default false */
  readonly allowForeignData?: boolean;
  /** How long a data connection may take to come, in milliseconds; after that 425. @default 30_000 */
  readonly dataConnectTimeoutMs?: number;
  /** Silence after which a data connection is given up with 426, in milliseconds. @default 300_000 */
  readonly dataIdleTimeoutMs?: number;
  /** How long the answer to a wrong password is held back, in milliseconds. @default 100 */
  readonly failedLoginDelayMs?: number;
  /** Wrong passwords after which the connection is closed with 421. @default 3 */
  readonly maxLoginFailures?: number;
  /** Unknown commands in a row after which the connection is closed with 421; 3 before the login. @default 20 */
  readonly maxUnknownCommands?: number;
  /** What stands in the greeting. @default "Portside FTP server ready." */
  readonly greeting?: string;
  /** Transcript entries that are kept; the oldest go first. @default 10_000 */
  readonly maxTranscriptEntries?: number;
  /** Events that are kept for `waitFor…` and the log; the oldest go first. @default 10_000 */
  readonly maxEvents?: number;
  /** Faults from the first connection on: typed rules, scripts with `(whenever)` blocks, or paths of `.exchange` files. @default none */
  readonly rules?: readonly (FaultRule | string)[];
  /** Of everything in the rules that happens by chance. @default that of the scripts, or 0 */
  readonly seed?: number;
  /** Run on this library instead (an optional peer dependency); servers/ftp/README.md lists what it cannot do. */
  readonly engine?: "ftp-srv";
}

type Optional =
  | "ftpsPort"
  | "files"
  | "root"
  | "users"
  | "authenticate"
  | "certificate"
  | "passivePorts"
  | "passiveAddress"
  | "seed"
  | "engine";

/** The options with everything filled in that has a default. */
export type ResolvedFtpOptions = Required<Omit<FtpOptions, Optional>> & Pick<FtpOptions, Optional>;

export const ftpDefaults: Required<Omit<FtpOptions, Optional>> = {
  ...connectionLimitDefaults,
  host: "127.0.0.1",
  port: 0,
  alsoListen: [],
  atomicUploads: false,
  quotaBytes: Infinity,
  allowAnonymous: false,
  requireTls: false,
  requireTlsReuse: false,
  allowCcc: false,
  isTrustedInProcess: true,
  minTlsVersion: "TLSv1.2",
  allowForeignData: false,
  dataConnectTimeoutMs: 30_000,
  dataIdleTimeoutMs: 300_000,
  failedLoginDelayMs: 100,
  maxLoginFailures: 3,
  maxUnknownCommands: 20,
  greeting: "Portside FTP server ready.",
  maxTranscriptEntries: 10_000,
  maxEvents: 10_000,
  rules: [],
};

/**
 * Fill in the defaults.
 * @throws TypeError when two options contradict each other
 */
export function resolveFtpOptions(options: FtpOptions): ResolvedFtpOptions {
  if (options.root !== undefined && options.files !== undefined) {
    throw new TypeError(
      "give either root (a folder on disk) or files (contents, or a file system), not both",
    );
  }
  if (options.atomicUploads === true && options.root === undefined) {
    throw new TypeError("atomicUploads needs root: in memory an upload over a file is atomic anyway");
  }
  if (options.quotaBytes !== undefined && isFileSystem(options.files)) {
    throw new TypeError(
      "quotaBytes is for root and for files in memory; give quotaFiles(yourFileSystem, bytes) in place of it",
    );
  }
  const range = options.passivePorts;
  if (range && !(range.from >= 1 && range.from <= range.to && range.to <= 65_535)) {
    throw new TypeError(
      `passivePorts must run from a lower port to a higher one, not ${range.from}-${range.to}`,
    );
  }
  if (options.users !== undefined && options.authenticate !== undefined) {
    throw new TypeError("give either users or authenticate, which takes its place");
  }
  const { engine, ftpsPort, alsoListen, requireTls, allowCcc } = options;
  const isTooMuch = ftpsPort !== undefined || alsoListen !== undefined || requireTls === true;
  if (engine === "ftp-srv" && (isTooMuch || allowCcc === true)) {
    throw new TypeError(
      'engine "ftp-srv" has one address and no ftpsPort, requireTls or allowCcc; leave the engine out',
    );
  }
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return { ...ftpDefaults, ...Object.fromEntries(given) };
}

/** Whether `files` is a file system of its own, and no table of contents. */
export function isFileSystem(files: FtpOptions["files"]): files is FileSystem {
  return typeof files === "object" && "list" in files && typeof files.list === "function";
}
