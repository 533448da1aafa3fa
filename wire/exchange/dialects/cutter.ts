import { WireError } from "../../errors.ts";
import { bounds } from "../bounds.ts";

/** Bytes of one direction that wait until a whole message is there. Byte strings in, byte strings out. */
export class Cutter {
  #chunks: string[] = [];
  #length = 0;
  /** From where a line feed has not been looked for. */
  #searched = 0;

  push(bytes: string): void {
    if (bytes === "") return;
    this.#chunks.push(bytes);
    this.#length += bytes.length;
    if (this.#length > bounds.messageBytes * 2) {
      throw new WireError(
        "MESSAGE_TOO_LARGE",
        `over ${bounds.messageBytes} bytes without the end of a message`,
      );
    }
  }

  get length(): number {
    return this.#length;
  }

  /** Everything that waits, without taking it. */
  peek(): string {
    if (this.#chunks.length > 1) this.#chunks = [this.#chunks.join("")];
    return this.#chunks[0] ?? "";
  }

  /** Takes exactly so many bytes, or nothing and `undefined` while fewer wait. */
  take(count: number): string | undefined {
    if (count > this.#length) return undefined;
    const all = this.peek();
    this.#chunks = count === all.length ? [] : [all.slice(count)];
    this.#length -= count;
    this.#searched = 0;
    return all.slice(0, count);
  }

  takeAll(): string {
    return this.take(this.#length) ?? "";
  }

  /** Takes a line with its end: LF, with or without CR before it; `strict` asks for CRLF. */
  takeLine(strict = false): string | undefined {
    const all = this.peek();
    let from = this.#searched;
    for (;;) {
      const end = all.indexOf("\n", from);
      if (end === -1) {
        this.#searched = all.length;
        return undefined;
      }
      if (!strict || all[end - 1] === "\r") return this.take(end + 1);
      from = end + 1;
    }
  }
}

/** A line without its line end. */
export function withoutEnd(line: string): string {
  return line.endsWith("\r\n") ? line.slice(0, -2) : line.replace(/\n$/, "");
}
