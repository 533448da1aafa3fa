/** How to open a conversation over a socket. Every field may be left out. */
export interface SocketOptions {
  /** How long connecting, each handshake and the greeting of STARTTLS may take, in milliseconds. @default 5_000 */
  readonly timeoutMs?: number;
  /** Authorities in PEM that are trusted beside the usual ones. @default none */
  readonly ca?: string;
  /** Take whatever certificate comes. @default false */
  readonly trustsAnybody?: boolean;
  /** Ask for TLS in mid-stream as this protocol does it: `STARTTLS` of SMTP, `AUTH TLS` of FTP. @default none */
  readonly startTls?: "smtp" | "ftp";
}
