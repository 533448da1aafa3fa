import type { StoredMail } from "../../mailbox.ts";

/** What an intake does with the mails. */
export interface IntakeSteps {
  /** Store all of them, or throw and store none. */
  readonly store: (mails: readonly StoredMail[]) => void;
  /** A mail is accepted. */
  readonly added: (mail: StoredMail) => void;
  /** A batch has been dealt with. */
  readonly settled: () => void;
}

interface WaitingMail {
  readonly mail: StoredMail;
  /** Of a mail whose acceptance waits for the COMMIT. */
  readonly acceptance?: PromiseWithResolvers<StoredMail>;
}

/** What a search may have to store first: 256 mails are 10 ms of it, and so are 16 MB. */
const maxBatchMails = 256;
const maxBatchBytes = 16 * 1024 * 1024;
/** How long mails in memory wait for more. A file is written as soon as the events of one turn have been handled. */
const batchWaitMs = 40;

/**
 * Mails on their way into the tables. They wait for one another, because a transaction of many costs a fourth of as
 * many transactions: in memory accepted at once and stored a little later, in a file accepted when stored.
 */
export class Intake {
  readonly #isDurable: boolean;
  readonly #steps: IntakeSteps;
  #waiting: WaitingMail[] = [];
  #waitingBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;

  /** @param isDurable a mail is accepted when it is stored, not before */
  constructor(isDurable: boolean, steps: IntakeSteps) {
    this.#isDurable = isDurable;
    this.#steps = steps;
  }

  /** Accept a mail; its bytes are not copied and must not change any more. */
  take(mail: StoredMail): StoredMail | Promise<StoredMail> {
    const acceptance = this.#isDurable ? Promise.withResolvers<StoredMail>() : undefined;
    this.#waiting.push(acceptance ? { mail, acceptance } : { mail });
    this.#waitingBytes += mail.raw.byteLength;
    if (!acceptance) this.#steps.added(mail);
    if (this.#waiting.length >= maxBatchMails || this.#waitingBytes >= maxBatchBytes) this.flush();
    else this.#schedule();
    return acceptance?.promise ?? mail;
  }

  /** Store what waits. @throws what `store` throws about a mail that was accepted already */
  flush(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
    this.#timer = undefined;
    this.#immediate = undefined;
    if (this.#waiting.length === 0) return;
    const batch = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    try {
      this.#store(batch);
    } finally {
      this.#steps.settled();
    }
  }

  #schedule(): void {
    if (this.#isDurable) this.#immediate ??= setImmediate(() => this.flush());
    // Not a reason to stay alive: what waits here is gone with the process anyway.
    else this.#timer ??= setTimeout(() => this.flush(), batchWaitMs).unref();
  }

  #store(batch: readonly WaitingMail[]): void {
    try {
      this.#steps.store(batch.map(({ mail }) => mail));
    } catch (error) {
      if (batch.length > 1) return this.#storeOneByOne(batch);
      if (!batch[0]?.acceptance) throw error;
      batch[0].acceptance.reject(error);
      return;
    }
    for (const { mail, acceptance } of batch) {
      if (!acceptance) continue;
      this.#steps.added(mail);
      acceptance.resolve(mail);
    }
  }

  /** One of them cannot be stored, a mail greater than SQLite takes perhaps: the others must not be lost with it. */
  #storeOneByOne(batch: readonly WaitingMail[]): void {
    const errors: unknown[] = [];
    for (const waiting of batch) {
      try {
        this.#store([waiting]);
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}
