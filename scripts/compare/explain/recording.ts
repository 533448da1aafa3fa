import { type Cut, Dissection, type Part, type Speaker } from "../../../wire/anatomy.ts";

/** A part of an exchange, as it passed. */
export interface Heard {
  /** Over what: `connection`, or `inside TLS`, `control connection`, `data connection`. */
  readonly channel: string;
  readonly from: Speaker;
  /** Since the exchange began, in milliseconds. */
  readonly atMs: number;
  readonly part: Part;
  /** Whether its bytes are on the wire; what is inside TLS is there sealed, and counted as that. */
  readonly isOnWire: boolean;
}

/** Writes down one exchange: bytes as they pass, told as parts when these are whole. */
export class Recording {
  readonly #beganMs = performance.now();
  readonly #hear: (heard: Heard) => void;

  constructor(hear: (heard: Heard) => void) {
    this.#hear = hear;
  }

  /** Since the exchange began, in milliseconds. */
  get elapsedMs(): number {
    return performance.now() - this.#beganMs;
  }

  /** A place to listen at. */
  channel(name: string, cut: Cut, { isOnWire = true } = {}): Channel {
    const dissection = new Dissection(cut);
    const tell = (from: Speaker, part: Part): void => {
      this.#hear({ channel: name, from, atMs: this.elapsedMs, part, isOnWire });
    };
    return {
      heard: (from, bytes) => {
        for (const part of dissection.hear(from, bytes)) tell(from, part);
      },
      ended: (from) => {
        // What is cut off is shown as well: it was there.
        const bytes = dissection.restOf(from);
        const title = bytes.length > 0 ? "the end in the middle of something (FIN)" : "the end (FIN)";
        tell(from, { title, bytes, fields: [] });
      },
    };
  }
}

/** One connection that is listened to. */
export interface Channel {
  heard(from: Speaker, bytes: Uint8Array): void;
  /** One side has said all that it will say. */
  ended(from: Speaker): void;
}
