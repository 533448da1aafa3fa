/** Messages that have come and that nobody has taken yet, in order, and whoever waits for the next one. */
export class MessageQueue {
  /** Told when so much waits that nothing more should be read, and when there is room again. */
  readonly #tell: (isFull: boolean) => void;
  readonly #messages: (string | Buffer)[] = [];
  #first = 0;
  #bytes = 0;
  #isFull = false;
  #end: { readonly error: Error | undefined } | undefined;
  #waiting: (() => void)[] = [];

  constructor(tell: (isFull: boolean) => void) {
    this.#tell = tell;
  }

  push(message: string | Buffer): void {
    this.#messages.push(message);
    this.#count(message.length);
    this.#wake();
  }

  /** No message comes any more. */
  end(error: Error | undefined): void {
    this.#end ??= { error };
    this.#wake();
  }

  /** The next message; nothing at the end. @throws the error that it ended with */
  async take(): Promise<string | Buffer | undefined> {
    for (;;) {
      const message = this.#messages[this.#first];
      if (message !== undefined) {
        this.#first += 1;
        if (this.#first > 1_000 && this.#first * 2 > this.#messages.length) {
          this.#messages.splice(0, this.#first);
          this.#first = 0;
        }
        this.#count(-message.length);
        return message;
      }
      if (this.#end?.error) throw this.#end.error;
      if (this.#end) return undefined;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    const isFull = this.#bytes > maxWaitingBytes || this.#messages.length - this.#first > maxWaiting;
    if (isFull === this.#isFull) return;
    this.#isFull = isFull;
    this.#tell(isFull);
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}

const maxWaitingBytes = 4 * 1024 * 1024;
const maxWaiting = 10_000;
