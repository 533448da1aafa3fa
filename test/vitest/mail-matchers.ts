import type { MailFilter, MailWatcher } from "../../servers/smtp/index.ts";
import { WireError } from "../../wire/errors.ts";

/** How many a matcher expects, and how long it looks. */
export interface ArrivalOptions {
  /** So many mails that fit, at least. @default 1 */
  readonly count?: number;
  /** How long to wait for them, in milliseconds. @default 5_000 */
  readonly timeoutMs?: number;
  /** After `not`: how long no such mail may come, in milliseconds. @default 500 */
  readonly withinMs?: number;
}

declare module "vitest" {
  // The parameters must be those of vitest's own declaration, or the two do not merge.
  // oxlint-disable-next-line no-unused-vars
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> {
    /**
     * An inbox or a mail server has received, or does receive soon, a mail that fits; after `not`, it has not and does
     * not. Must be awaited. A failure lists the mails that did come, and why each does not fit.
     * @example await expect(inbox).toHaveReceivedMail({ subject: /welcome/i });
     */
    toHaveReceivedMail(filter?: MailFilter, options?: ArrivalOptions): Promise<void>;
  }
}

/** The matchers, for `expect.extend`; what their messages say is what `waitForMail` and `expectNoMail` say. */
export const mailMatchers = {
  async toHaveReceivedMail(
    this: { readonly isNot: boolean },
    received: unknown,
    filter: MailFilter = {},
    { count = 1, timeoutMs = 5_000, withinMs = 500 }: ArrivalOptions = {},
  ): Promise<{ pass: boolean; message: () => string }> {
    if (!isMailWatcher(received)) {
      throw new TypeError("toHaveReceivedMail needs an inbox or a mail server: expect(smtp.inbox())");
    }
    try {
      if (this.isNot) await received.expectNoMail(filter, { withinMs });
      else await received.waitForMail(filter, { count, timeoutMs });
    } catch (error) {
      // Anything else is no verdict on the mails: the error is the test's.
      const isVerdict =
        error instanceof WireError && (error.code === "TIMED_OUT" || error.code === "UNEXPECTED_ARRIVAL");
      if (!isVerdict) throw error;
      return { pass: this.isNot, message: () => error.message };
    }
    return { pass: !this.isNot, message: () => "" };
  },
};

function isMailWatcher(value: unknown): value is MailWatcher {
  return typeof value === "object" && value !== null && "waitForMail" in value && "expectNoMail" in value;
}
