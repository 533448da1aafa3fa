import type { Dialect, Message } from "../../wire/exchange/dialect.ts";
import type { Passing } from "../../wire/interceptor.ts";

/** How long an answer is waited for in dialects where not every message has one. */
const uncertainMs = 1_000;

/** What became of a reply. */
export interface Answered {
  /** The command it answers; empty for the greeting. */
  readonly asked: string;
  /** It is not preliminary (RFC 959 section 4.2: 1yz). */
  readonly isLast: boolean;
  /** Somebody waited for it; for a preliminary one this is what the client hears. */
  readonly taken: "no" | "yes" | { readonly said: string | Uint8Array };
}

/** Which command each reply answers, and who waits for one. */
export class Answers {
  readonly #dialect: Dialect;
  readonly #leaving: AbortSignal;
  /** Commands without their last reply, oldest first; the greeting answers nothing. */
  readonly #asked: string[];
  readonly #idlers: (() => void)[] = [];
  #waiting:
    | { readonly resolve: (reply: string) => void; readonly preliminary: Passing["preliminary"] }
    | undefined;

  /** @param leaving aborted when there will be no more replies */
  constructor(dialect: Dialect, leaving: AbortSignal) {
    this.#dialect = dialect;
    this.#leaving = leaving;
    this.#asked = dialect.hasReplies ? [""] : [];
  }

  /** A command was passed on. */
  ask(text: string): void {
    this.#asked.push(text);
  }

  /** A reply has come. */
  answer({ text, raw }: Message): Answered {
    const isLast = !(this.#dialect.hasReplies === true && text.startsWith("1"));
    const asked = (isLast ? this.#asked.shift() : this.#asked[0]) ?? "";
    const waiting = this.#waiting;
    if (!waiting) return { asked, isLast, taken: "no" };
    if (!isLast) return { asked, isLast, taken: { said: waiting.preliminary?.(raw) ?? raw } };
    this.#waiting = undefined;
    waiting.resolve(raw);
    return { asked, isLast, taken: "yes" };
  }

  /** Everybody who waits for an end of the questions is told when there is one. */
  settle(): void {
    if (this.#asked.length === 0) for (const resolve of this.#idlers.splice(0)) resolve();
  }

  /** Resolved when everything that was passed on is answered. */
  async idle(): Promise<void> {
    if (this.#asked.length > 0 && this.#dialect.hasReplies)
      await new Promise<void>((resolve) => this.#idlers.push(resolve));
  }

  /** The next last reply, as a byte string; empty when there will be none. */
  async next(preliminary: Passing["preliminary"]): Promise<string> {
    const { promise, resolve } = Promise.withResolvers<string>();
    this.#waiting = { resolve, preliminary };
    this.#leaving.addEventListener("abort", () => resolve(""), { once: true });
    const isCertain = this.#dialect.hasReplies === true || this.#dialect.name === "resp";
    const late = isCertain ? undefined : setTimeout(() => resolve(""), uncertainMs);
    const reply = await promise;
    clearTimeout(late);
    this.#waiting = undefined;
    return reply;
  }
}
