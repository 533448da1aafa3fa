import type { Said } from "../../wire/connection.ts";
import type { Intervention } from "../../wire/interceptor.ts";
import { TurnFloor } from "../../wire/turn-floor.ts";
import type { WebSocketLink } from "../../wire/websocket-link.ts";

/**
 * The messages of one connection while there are rules: one at a time, because a rule may take its time. What the
 * hearer sends to this connection while it hears a message is its answer, and the rule's to pass on or not.
 */
export class RuledTurns {
  readonly #link: WebSocketLink;
  readonly #pass: (message: Buffer, isText: boolean) => void;
  readonly #waiting: (() => void)[] = [];
  readonly #leaving = new AbortController();
  #answer: Uint8Array[] | undefined;
  #isBusy = false;

  /** @param pass lets the hearer have a message */
  constructor(link: WebSocketLink, pass: (message: Buffer, isText: boolean) => void) {
    this.#link = link;
    this.#pass = pass;
  }

  /** Whether a rule takes its time. */
  get isBusy(): boolean {
    return this.#isBusy;
  }

  /**
   * Hear a message, now or when those before it are done.
   * @param ask what a rule does with its text
   */
  hear(message: Buffer, isText: boolean, ask: (text: string) => Intervention | undefined): void {
    const take = (): void => {
      const intervention = isText ? ask(message.toString()) : undefined;
      if (intervention) this.#intervene(intervention, message, isText);
      else this.#pass(message, isText);
    };
    if (this.#isBusy) this.#waiting.push(take);
    else take();
  }

  /** Whether a frame is kept as a part of the answer to a message that a rule is passing on. */
  keeps(frame: Uint8Array): boolean {
    return this.#answer !== undefined && this.#answer.push(frame) > 0;
  }

  /** The connection is gone. */
  close(): void {
    this.#waiting.length = 0;
    this.#leaving.abort();
  }

  #intervene(intervention: Intervention, message: Buffer, isText: boolean): void {
    const link = this.#link;
    const floor = new TurnFloor({
      link: link.connection,
      leaving: this.#leaving.signal,
      ending: this.#leaving.signal,
      say: (said) => link.sendFrame(bytesOf(said)),
      end: () => link.end(),
      reset: () => link.reset(),
      take: async (instead) => {
        this.#answer = [];
        this.#pass(instead === undefined ? message : Buffer.from(instead), isText);
        const answer = Buffer.concat(this.#answer);
        this.#answer = undefined;
        return await Promise.resolve(answer);
      },
    });
    this.#isBusy = true;
    link.hold();
    void this.#finish(intervention(floor));
  }

  /** Go on with those who wait, however the rule ended. */
  async #finish(turn: Promise<void>): Promise<void> {
    await turn.catch(() => {});
    this.#isBusy = false;
    this.#link.release();
    while (!this.#isBusy && this.#waiting.length > 0) this.#waiting.shift()?.();
  }
}

const bytesOf = (said: Said): Uint8Array => (typeof said === "string" ? Buffer.from(said, "latin1") : said);
