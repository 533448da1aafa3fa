import { randomBytes } from "node:crypto";

/** Waits for the answer to a PING: what was said before it has been done by then. */
export class Barriers {
  readonly #waiting = new Map<string, () => void>();

  /** @param send says the PING */
  async pass(send: (line: string) => void): Promise<void> {
    const token = randomBytes(6).toString("hex");
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.set(token, resolve);
    send(`PING ${token}`);
    await promise;
  }

  answered(token: string): void {
    this.#waiting.get(token)?.();
    this.#waiting.delete(token);
  }

  /** The connection is lost, and no answer comes. */
  lost(): void {
    for (const resolve of this.#waiting.values()) resolve();
    this.#waiting.clear();
  }
}
