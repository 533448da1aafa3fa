import { atOnce, type Answer } from "../../echo.ts";

/** Answers in the order of the questions, over one connection. */
export class Turns {
  readonly #waiting: { hear(answer: Answer): void; fail(error: Error): void }[] = [];

  /** The next answer that nobody waits for yet. */
  next(): Promise<Answer> {
    return new Promise((hear, fail) => this.#waiting.push({ hear, fail }));
  }

  hear(reply: Buffer): void {
    this.#waiting.shift()?.hear({ reply, over: atOnce });
  }

  fail(error: Error): void {
    for (const one of this.#waiting.splice(0)) one.fail(error);
  }
}
