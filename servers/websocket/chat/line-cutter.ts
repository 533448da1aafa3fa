import { isUtf8 } from "node:buffer";
import { maxClientTagBytes, maxLineBytes } from "../../../wire/irc.ts";
import { type Cutter, type Line, LineCutter } from "../../../wire/lines.ts";

/** A line of a client. */
export interface HeardLine extends Line {
  /** Whether it came as UTF-8. */
  readonly isUtf8: boolean;
}

/** Lines of clients on TCP; what is not UTF-8 is told, because it can be passed on to nobody. */
export class ChatLineCutter implements Cutter<HeardLine> {
  readonly #lines = new LineCutter(maxClientTagBytes + maxLineBytes);

  get end(): number {
    return this.#lines.end;
  }

  cut(bytes: Buffer, start: number): HeardLine | undefined {
    const line = this.#lines.cut(bytes, start);
    if (!line) return undefined;
    // oxlint-disable-next-line no-control-regex -- ASCII is told from all else by it
    const isAscii = /^[\0-\x7f]*$/.test(line.text);
    return { ...line, isUtf8: isAscii || isUtf8(bytes.subarray(start, this.end)) };
  }
}
