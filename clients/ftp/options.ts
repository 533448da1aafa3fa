/** How to reach a file server. */
export interface FtpConnection {
  /** `ftp://[user:password@]host[:port][/folder]`, or `ftps://…` for TLS from the first byte. @default "ftp://127.0.0.1:2121" */
  readonly server?: string;
  /** With `ftp://`: AUTH TLS before the login (RFC 4217). @default false */
  readonly tls?: boolean;
  /** An authority to trust, in PEM. @default those of Node */
  readonly ca?: string;
  /** Whether the server's certificate must be trusted. @default true, unless the server is this machine and there is no `ca` */
  readonly checkCertificate?: boolean;
  /** How long the server may be silent, in milliseconds. @default 30_000 */
  readonly timeoutMs?: number;
}

export const ftpConnectionDefaults = {
  server: "ftp://127.0.0.1:2121",
  tls: false,
  timeoutMs: 30_000,
} as const;

/** How far a transfer of files is. */
export interface TransferProgress {
  /** The file under way: the path on the side that is read. */
  readonly file: string;
  /** Of this file, those included that were there before a resume. */
  readonly fileBytes: number;
  readonly fileTotalBytes: number;
  /** Of all files. */
  readonly bytes: number;
  readonly totalBytes: number;
  readonly files: number;
  readonly totalFiles: number;
}

/** How to transfer files. */
export interface TransferOptions {
  /** Go on where an earlier transfer broke off; a file that is there in full is left alone. @default false */
  readonly resume?: boolean;
  /** Hears of every step. */
  readonly onProgress?: (progress: TransferProgress) => void;
}

/** What a transfer did. */
export interface TransferResult {
  /** Paths on the side that was written. */
  readonly files: readonly string[];
  /** Bytes that went over the wire: less than the files have after a resume. */
  readonly bytes: number;
  /** Files that were there in full already. */
  readonly skipped: number;
  readonly tookMs: number;
}

/** A file or folder on the server. */
export interface RemoteEntry {
  readonly name: string;
  readonly type: "file" | "folder" | "link" | "other";
  readonly size: number;
  /** Milliseconds since the epoch; `undefined` when the server does not tell it exactly. */
  readonly modifiedMs: number | undefined;
}
