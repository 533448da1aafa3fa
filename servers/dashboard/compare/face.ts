import type { Part, Speaker } from "../../../wire/anatomy.ts";

/** What the dashboard needs to say a message over several transports, and to show what passes. */
export interface CompareFace {
  /** The transports, in the order to look at them. */
  transports(): Promise<readonly ComparedTransport[]>;
  /**
   * Say a message over one of them, from connecting to goodbye.
   * @param hear is told of each part of the conversation when it has passed
   * @returns how long it took, in milliseconds; rejected when it went wrong
   */
  say(transport: string, message: string, hear: (heard: HeardPart) => void): Promise<number>;
}

/** A transport, and what there is to know about it. */
export interface ComparedTransport {
  /** What it is called over REST: `websocket`. */
  readonly name: string;
  readonly title: string;
  /** What is about to be seen, in a sentence. */
  readonly about: string;
  /** What no application sees of it. */
  readonly below: string;
}

/** A part of a conversation, as it passed. */
export interface HeardPart {
  /** Over what: `connection`, `inside TLS`, `data connection`. */
  readonly channel: string;
  readonly from: Speaker;
  /** Since the message was asked for, in milliseconds. */
  readonly atMs: number;
  readonly part: Part;
  /** Whether its bytes are on the wire as they are here. */
  readonly isOnWire: boolean;
}
