/**
 * The bounds of a connection's life, with the same names in every server:
 *
 * ```
 *  accept ──► handshake ──► greeting ──► message … message ──► end
 *    │            │                       │      │              │
 *    │     handshakeTimeoutMs     idleTimeoutMs  │           lingerMs
 *  maxConnections                         messageTimeoutMs (one message, however slowly it trickles)
 * ```
 */
export interface ConnectionLimits {
  /** Connections at the same time; one more is told so and closed. @default 20_000 */
  readonly maxConnections?: number;
  /** Silence after which a connection is closed, also one that does not read our replies. @default 300_000 */
  readonly idleTimeoutMs?: number;
  /** From the first byte of a message (a command, a mail) to its last. @default 600_000 */
  readonly messageTimeoutMs?: number;
  /** From the start of a TLS handshake to its end. @default 30_000 */
  readonly handshakeTimeoutMs?: number;
  /** How long a closed connection may take to say goodbye before it is destroyed. @default 2_000 */
  readonly lingerMs?: number;
}

export const connectionLimitDefaults: Required<ConnectionLimits> = {
  maxConnections: 20_000,
  idleTimeoutMs: 300_000,
  messageTimeoutMs: 600_000,
  handshakeTimeoutMs: 30_000,
  lingerMs: 2_000,
};
