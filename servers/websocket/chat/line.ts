import { printTags } from "../../../wire/irc.ts";
import { Frame } from "../frame.ts";

/** A line that is said, to one or to many; as a frame it is made once, however many hear it. */
export class Line {
  /** Without its end. */
  readonly text: string;
  #frame: Frame | undefined;
  #binaryFrame: Frame | undefined;

  constructor(text: string) {
    this.text = text;
  }

  /** A text message of a WebSocket, as a server sends it. */
  get frame(): Frame {
    return (this.#frame ??= new Frame(this.text));
  }

  /** The same as a binary message. */
  get binaryFrame(): Frame {
    return (this.#binaryFrame ??= new Frame(Buffer.from(this.text)));
  }
}

/** What a client understands of a line, as far as it changes the line. */
export interface Understanding {
  /** `server-time` */
  readonly time: boolean;
  /** `message-tags` */
  readonly tags: boolean;
}

/** Something that happened, as a line for each kind of client: made when the first of its kind hears it. */
export class Broadcast {
  /** The line without tags. */
  readonly bare: string;
  readonly #time: string;
  readonly #tags: readonly (readonly [string, string])[];
  readonly #lines: (Line | undefined)[] = [];

  /**
   * @param atMs when it happened
   * @param tags `msgid`, and what the sender's client added
   */
  constructor(bare: string, atMs: number, tags: readonly (readonly [string, string])[] = []) {
    this.bare = bare;
    this.#time = new Date(atMs).toISOString();
    this.#tags = tags;
  }

  lineFor({ time, tags }: Understanding): Line {
    const kind = (time ? 1 : 0) + (tags ? 2 : 0);
    return (this.#lines[kind] ??= new Line(printTags(this.#tagsFor(time, tags)) + this.bare));
  }

  /** The line with a tag that only one hears: `label`, `batch`. */
  lineWith(own: readonly [string, string], { time, tags }: Understanding): Line {
    return new Line(printTags([own, ...this.#tagsFor(time, tags)]) + this.bare);
  }

  #tagsFor(time: boolean, tags: boolean): (readonly [string, string])[] {
    return [...(time ? [["time", this.#time] as const] : []), ...(tags ? this.#tags : [])];
  }
}
