import { setTimeout as wait } from "node:timers/promises";
import type { Said } from "../../wire/connection.ts";
import { bufferOf, bytesOf, textOf } from "../../wire/exchange/byte-string.ts";
import type { Floor, Passing } from "../../wire/interceptor.ts";
import type { Side } from "./side.ts";

/** What a rule can make a relay do. */
export interface FloorOwner {
  readonly front: Side;
  /** Aborted when the conversation is over. */
  readonly leaving: AbortSignal;
  /** Aborted when the client has said all it will say, or earlier. */
  readonly ending: AbortSignal;
  /** Pass on what the rule is about. @returns the server's answer, as a byte string */
  readonly ask: (passing: Passing) => Promise<string>;
  /** The client hears this at once. */
  readonly say: (bytes: Said) => void;
  readonly end: () => void;
  readonly reset: () => void;
}

/** The floor of a rule in the middle. */
export function floorOf({ front, leaving, ending, ask, say, end, reset }: FloorOwner): Floor {
  const { link } = front;
  return {
    pass: async (passing = {}) => {
      const answer = await ask(passing);
      return textOf(answer) ?? bufferOf(answer);
    },
    say: (said) => say(typeof said === "string" ? bytesOf(said) : said),
    wait: (delayMs) => wait(delayMs, undefined, { signal: leaving }).catch(() => {}),
    end,
    reset,
    get incoming() {
      return link.incoming;
    },
    get outgoing() {
      return link.outgoing;
    },
    gone: new Promise((resolve) => {
      if (ending.aborted) resolve();
      else ending.addEventListener("abort", () => resolve(), { once: true });
    }),
  };
}
