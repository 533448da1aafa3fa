import type { MailFilter, MailWatcher } from "../../servers/smtp/index.ts";
import { WireError } from "../../wire/errors.ts";

/** How long a matcher looks. */
export interface ArrivalOptions {
  /** How long to wait for the mail. @default 5_000 */
  readonly timeoutMs?: number;
  /** After `not`: how long no such mail may come. @default 500 */
  readonly withinMs?: number;
}

declare module "vitest" {
  // The parameters must be those of vitest's own declaration, or the two do not merge.
  // oxlint-disable-next-line no-unused-vars
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> {
    /**
     * An inbox or a mail server has received, or does receive soon, a mail that fits; after `not`, it has not and does
     * not. Must be awaited.
     */
    toHaveReceivedMail(filter?: MailFilter, options?: ArrivalOptions): Promise<void>;
  }
}

/** The matchers; what their messages say is what `waitForMail` and `expectNoMail` say. */
export const mailMatchers = {
  async toHaveReceivedMail(
    this: { readonly isNot: boolean },
    received: unknown,
    filter: MailFilter = {},
    options: ArrivalOptions = {},
  ): Promise<{ pass: boolean; message: () => string }> {
    const watcher = received as MailWatcher;
    if (typeof watcher?.waitForMail !== "function") {
      throw new TypeError("toHaveReceivedMail needs an inbox or a mail server: expect(smtp.inbox())");
    }
    try {
      if (this.isNot) await watcher.expectNoMail(filter, options);
      else await watcher.waitForMail(filter, options);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      return { pass: this.isNot, message: () => error.message };
    }
    return { pass: !this.isNot, message: () => "" };
  },
};
