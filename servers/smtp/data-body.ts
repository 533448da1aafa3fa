import type { BodyReader, Turn } from "../../wire/session.ts";
import { DotDecoder } from "../../wire/dots.ts";
import type { Delivery } from "./delivery.ts";

/** What comes after DATA, up to the line with a single dot. */
export class DataBody implements BodyReader {
  readonly endText = ".";
  readonly #decoder = new DotDecoder();
  readonly #delivery: Delivery;

  constructor(delivery: Delivery) {
    this.#delivery = delivery;
  }

  get isComplete(): boolean {
    return this.#decoder.isComplete;
  }

  get ready(): Promise<void> | undefined {
    return this.#delivery.ready;
  }

  take(bytes: Buffer): number {
    return this.#decoder.decode(bytes, this.#delivery);
  }

  finish(): Turn | Promise<Turn> {
    return this.#delivery.finish(this.#decoder.hasUnstuffedDot);
  }

  abort(): void {
    this.#delivery.abort();
  }
}
