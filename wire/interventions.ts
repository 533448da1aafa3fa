import type { Connection } from "./connection.ts";
import type { ConversationVoice } from "./conversation-voice.ts";
import type { Intervention } from "./interceptor.ts";
import type { Action, Turn } from "./session.ts";
import { TurnFloor } from "./turn-floor.ts";

/** Lets the session have its turn, with another message than the one that came if one is given. */
export type TakeTurn = (instead?: string) => Turn | Promise<Turn>;

/**
 * What rules and faults do in one conversation: each intervention has the floor for one turn. Made for the first one,
 * so that a conversation without any pays nothing.
 */
export class Interventions<Message> {
  readonly #link: Connection;
  readonly #voice: ConversationVoice<Message>;
  /** Aborted when the connection is gone. */
  readonly #leaving = new AbortController();
  /** Aborted when the client has said all it will say. */
  readonly #ending = new AbortController();

  constructor(link: Connection, voice: ConversationVoice<Message>) {
    this.#link = link;
    this.#voice = voice;
    if (voice.hasHeardAll) this.heardAll();
  }

  /**
   * Give a turn to whoever intervenes.
   * @param take lets the session have it after all
   * @param skip is called when the session never had it
   * @returns what the session wants done; its words were the intervention's to say
   */
  async hold(intervention: Intervention, take: TakeTurn, skip = (): void => {}): Promise<Action> {
    const voice = this.#voice;
    const floor = new TurnFloor({
      link: this.#link,
      leaving: this.#leaving.signal,
      ending: this.#ending.signal,
      say: (said) => voice.sayNow(said),
      end: () => voice.end(),
      reset: () => voice.reset(),
      take: async (instead, preliminary) => {
        voice.preliminary = preliminary;
        try {
          return await take(instead);
        } finally {
          voice.preliminary = undefined;
        }
      },
    });
    try {
      await intervention(floor);
    } finally {
      if (floor.passed === undefined) skip();
    }
    const { passed = "" } = floor;
    return typeof passed === "string" || passed instanceof Uint8Array ? {} : passed;
  }

  /** The client has said all it will say. */
  heardAll(): void {
    this.#ending.abort();
  }

  /** The connection is gone. */
  close(): void {
    this.#leaving.abort();
    this.#ending.abort();
  }
}
