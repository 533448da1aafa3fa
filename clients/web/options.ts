/** How to connect to a web server. Every field may be left out. */
export interface WebClientOptions {
  /** How long connecting, and the TLS handshake, may take, in milliseconds. @default 5_000 */
  readonly connectTimeoutMs?: number;
  /** How long a whole answer may take, in milliseconds. @default 30_000 */
  readonly answerTimeoutMs?: number;
  /** Largest head of an answer, in bytes. @default 65_536 */
  readonly maxHeadBytes?: number;
  /** Fields of one head. @default 200 */
  readonly maxFields?: number;
  /** Largest body of an answer, in bytes. @default 104_857_600 */
  readonly maxBodyBytes?: number;
  /** Interim answers (1xx) before the final one. @default 100 */
  readonly maxInterim?: number;
  /** With https: whom to trust in place of the usual authorities, in PEM. @default the usual ones */
  readonly ca?: string;
  /** With https: take nobody but the one whom the URL names. @default true */
  readonly verifiesCertificate?: boolean;
}

/** The options with everything filled in that has a default. */
export type ResolvedWebClientOptions = Required<Omit<WebClientOptions, "ca">> & Pick<WebClientOptions, "ca">;

export const webClientDefaults: Required<Omit<WebClientOptions, "ca">> = {
  connectTimeoutMs: 5_000,
  answerTimeoutMs: 30_000,
  maxHeadBytes: 65_536,
  maxFields: 200,
  maxBodyBytes: 104_857_600,
  maxInterim: 100,
  verifiesCertificate: true,
};

/** What to ask. */
export interface WebQuestion {
  /** @default "GET" */
  readonly method?: string;
  /** Path and query as they are sent, or another target. @default that of the URL */
  readonly target?: string;
  /** A list makes a line for each of its values; `host` and `content-length` are added where they are missing. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** A stream leaves in chunks. @default none */
  readonly body?: string | Uint8Array | AsyncIterable<string | Uint8Array>;
  /** These bytes in place of all that, right or wrong; `method` still says how the answer is read. */
  readonly exactly?: string | Uint8Array;
}
