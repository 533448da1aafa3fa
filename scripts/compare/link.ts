import type { Crossed } from "./figures.ts";

/**
 * What lies between client and server of a measurement. On Linux, where it is allowed, it is a network of its own, so
 * that nobody else's packets are in the kernel's counters: the loopback device of one network namespace, or a tunnel
 * with a delay between two. Elsewhere it is a relay of ours on the machine's loopback, which counts what the
 * application sends, and knows nothing of packets.
 */
export interface Link extends AsyncDisposable {
  readonly kind: "loopback" | "tunnel" | "relay";
  /** Round trips of a TCP connection that this link lets through at once: its handshake, when only a relay holds. */
  readonly unseenRoundTrips: 0 | 1;
  /** What the report says of it. */
  readonly about: string;
  /** The address that the server listens on, and the client dials. */
  readonly host: string;
  /** What stands before a command that runs at the server's end, or at the client's. */
  readonly serverEnd: readonly string[];
  readonly clientEnd: readonly string[];
  /** The device at the client's end whose counters tell what crossed; none where only a relay knows. */
  readonly device: string | undefined;
  /** The port that a client dials for a server that listens on this one, and talks UDP or TCP. */
  portFor(port: number, isDatagrams: boolean): Promise<number>;
  /** What crossed so far on a port that a client dials, where a relay counts. */
  crossed(port: number): Crossed | undefined;
}

/** For links that are a network: the client dials the server's own port, and the kernel counts. */
export const direct = {
  unseenRoundTrips: 0,
  portFor: (port: number): Promise<number> => Promise.resolve(port),
  crossed: (): undefined => undefined,
} as const;
