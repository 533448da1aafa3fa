/**
 * Every way the other side of a wire can be wrong, by code. The list in wire/README.md is held against this table
 * by a test. What the caller did wrong is a `TypeError`; a reply that the protocol foresees is a value, not an error.
 */
export const wireErrors = {
  ADDRESS_IN_USE: "the port is taken by another process",
  CONNECT_FAILED: "nothing accepted the connection",
  CONNECTION_LOST: "the connection ended in the middle of something",
  FILE_IN_USE: "the file is held by another process",
  LINE_TOO_LONG: "a line is longer than the limit",
  MESSAGE_TOO_LARGE: "a message is larger than the limit",
  PEER_MISSING: "an optional package is not installed",
  PROTOCOL_VIOLATION: "the other side broke the rules of the protocol",
  REPLY_UNEXPECTED: "the other side answered something else than expected",
  TIMED_OUT: "nothing came in time",
  TLS_FAILED: "the TLS handshake failed",
  UNEXPECTED_ARRIVAL: "something came that should not have come",
} as const;

export type WireErrorCode = keyof typeof wireErrors;

/** What the other side did wrong: `code` from the one table, `message` = what happened, to whom, what was expected. */
export class WireError extends Error {
  override readonly name = "WireError";
  readonly code: WireErrorCode;

  constructor(code: WireErrorCode, message: string, options?: ErrorOptions) {
    super(`${code} ${message}`, options);
    this.code = code;
  }
}
