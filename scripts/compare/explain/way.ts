import type { Recording } from "./recording.ts";

/** A way to say one message and be answered, over real sockets of this machine. */
export interface Way {
  readonly title: string;
  /** What is about to be seen, in a sentence. */
  readonly about: string;
  /** What no application sees of it. */
  readonly below: string;
  /** Start its server. */
  open(): Promise<OpenWay>;
}

/** A server that listens, and what a client does with it. */
export interface OpenWay {
  /** Connect, say the message, hear the answer, say goodbye. @returns the answer */
  exchange(message: string, recording: Recording): Promise<string>;
  close(): Promise<void>;
}

/** Below every stream. */
export const belowTcp =
  "Below: 20 bytes of IP and 20 of TCP, with options mostly 32, in front of each packet; SYN, SYN-ACK and ACK before the first byte.";
