import { randomBytes } from "node:crypto";
import { WireError } from "../../../wire/errors.ts";

/** Something that we have said, and of which the server has not said yet that nothing can lose it. */
interface Unconfirmed {
  readonly target: string;
  readonly line: string;
  readonly done: (id: string) => void;
  readonly failed: (error: WireError) => void;
}

/** The tag by which we know our own messages again, also in history: other clients pass over it. */
export const ownTag = "+portside/id";

/**
 * What was said and is not confirmed. What was said to a room is said again after a reconnection, unless history has
 * it; so each is there exactly once.
 */
export class UnconfirmedMessages {
  readonly #messages = new Map<string, Unconfirmed>();

  /** @returns its reference, and the id that it has when it is confirmed */
  add(
    target: string,
    lineOf: (reference: string) => string,
  ): { readonly line: string; readonly id: Promise<string> } {
    const reference = randomBytes(9).toString("base64url");
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const line = lineOf(reference);
    this.#messages.set(reference, { target, line, done: resolve, failed: reject });
    return { line, id: promise };
  }

  confirm(reference: string | undefined, id: string): void {
    this.#take(reference)?.done(id);
  }

  /** @returns whether it was one of them */
  refuse(reference: string | undefined, reason: string): boolean {
    const message = this.#take(reference);
    message?.failed(
      new WireError("REPLY_UNEXPECTED", `the message to ${message.target} was refused: ${reason}`),
    );
    return message !== undefined;
  }

  /** What has to be said again to a room. */
  linesTo(isTarget: (target: string) => boolean): string[] {
    return [...this.#messages.values()].filter(({ target }) => isTarget(target)).map(({ line }) => line);
  }

  /** The connection is lost: what was said to one person is in nobody's history, so nobody can know. */
  lost(isKept: (target: string) => boolean): void {
    for (const [reference, { target, failed }] of this.#messages) {
      if (isKept(target)) continue;
      this.#messages.delete(reference);
      failed(new WireError("CONNECTION_LOST", `before it was known whether ${target} was told`));
    }
  }

  #take(reference: string | undefined): Unconfirmed | undefined {
    const message = this.#messages.get(reference ?? "");
    if (message) this.#messages.delete(reference ?? "");
    return message;
  }
}
