import { setTimeout as wait } from "node:timers/promises";
import type { Said } from "../../wire/connection.ts";
import type { DatagramFloor, Floor } from "../../wire/interceptor.ts";
import { Passage } from "../../wire/passage.ts";

/** How what is said for one query leaves. */
export interface AnswerWay {
  send(message: Buffer): void;
  /** FIN and RST; datagrams have neither. */
  end?(): void;
  reset?(): void;
  readonly datagrams?: DatagramFloor;
}

/** The turn of a rule about one query. */
export class AnswerFloor implements Floor {
  readonly incoming: Passage;
  readonly outgoing: Passage;
  readonly gone: Promise<void>;
  readonly datagrams?: DatagramFloor;
  readonly #answer: Buffer;
  readonly #way: AnswerWay;
  readonly #leaving: AbortSignal;

  /**
   * @param answer what the zones say
   * @param leaving aborted when the client, or the server, is gone
   */
  constructor(answer: Buffer, way: AnswerWay, leaving: AbortSignal) {
    this.#answer = answer;
    this.#way = way;
    this.#leaving = leaving;
    if (way.datagrams) this.datagrams = way.datagrams;
    const sink = {
      write: (bytes: Buffer) => way.send(bytes),
      end: () => this.end(),
      reset: () => this.reset(),
    };
    this.incoming = new Passage(sink);
    this.outgoing = new Passage(sink);
    this.gone = new Promise((resolve) => {
      if (leaving.aborted) resolve();
      else leaving.addEventListener("abort", () => resolve(), { once: true });
    });
  }

  pass(): Promise<Said> {
    return Promise.resolve(this.#answer);
  }

  say(said: Said): void {
    this.outgoing.write(Buffer.from(said));
  }

  async wait(delayMs: number): Promise<void> {
    await wait(delayMs, undefined, { signal: this.#leaving }).catch(() => {});
  }

  end(): void {
    this.#way.end?.();
  }

  reset(): void {
    this.#way.reset?.();
  }
}
