import { byteString, textOf } from "./byte-string.ts";
import { plainPayload } from "./print.ts";
import type { Act, Attachment, Item, Role } from "./script.ts";

const noPlace = { file: "", line: 0 };
/** Text of so many lines is written as lines, more as an attachment or a file. */
const maxLines = 40;

/** A secondary connection of a recording: who listened, who connected, what went over it, who closed it. */
export class RecordedData {
  readonly name: string;
  readonly listener: Role;
  /** Its transfer was answered with a refusal. */
  isRefused = false;
  #isOpened = false;
  #isPrivate = false;
  #speaker: Role | undefined;
  readonly #chunks: Buffer[] = [];
  #ended: { readonly speaker: Role; readonly how: "closed" | "reset" } | undefined;

  constructor(name: string, listener: Role) {
    this.name = name;
    this.listener = listener;
  }

  opened(isPrivate: boolean): void {
    this.#isOpened = true;
    this.#isPrivate = isPrivate;
  }

  said(speaker: Role, bytes: Buffer): void {
    this.#speaker ??= speaker;
    if (this.#speaker === speaker) this.#chunks.push(Buffer.from(bytes));
  }

  ended(speaker: Role, how: "closed" | "reset"): void {
    this.#ended ??= { speaker, how };
  }

  /** How it is made. */
  connecting(): Item[] {
    if (!this.#isOpened) return [];
    return [act({ does: "connects", actor: this.listener === "S" ? "C" : "S", connection: this.name })];
  }

  /** What goes over it, and its end. */
  content(script: string, attachments: Attachment[], files: Map<string, Uint8Array>): Item[] {
    if (!this.#isOpened) return [];
    const items: Item[] = [];
    if (this.#isPrivate) items.push(act({ does: "starts TLS", connection: this.name }));
    if (this.#speaker) items.push(...this.#said(script, this.#speaker, attachments, files));
    // Who refuses a transfer closes a connection that nobody needs; when exactly is a matter of luck.
    if (this.#chunks.length === 0 && this.isRefused) return this.#isPrivate ? [] : items;
    const { speaker = this.#speaker ?? "C", how = "closed" } = this.#ended ?? {};
    items.push(
      act({
        does: how === "reset" ? "resets" : "closes",
        actor: this.#speaker ?? speaker,
        connection: this.name,
      }),
    );
    return items;
  }

  #said(script: string, speaker: Role, attachments: Attachment[], files: Map<string, Uint8Array>): Item[] {
    const bytes = Buffer.concat(this.#chunks);
    const whole = byteString(bytes);
    const text = textOf(whole);
    const lines = whole.split(/(?<=\n)/);
    const spoken = (kind: string, payload: string): Item => ({
      type: "spoken",
      at: noPlace,
      gap: false,
      speaker,
      connection: this.name,
      mark: "",
      kind,
      payload: plainPayload(payload),
    });
    if (text !== undefined && lines.length <= maxLines && lines.every((line) => line.length <= 500))
      return lines.map((line) => spoken("raw", line));
    const ending = text === undefined ? "bin" : "txt";
    // An attachment is a text with LF line ends, and no line of it may look like the head of the next one.
    if (text?.endsWith("\n") && !/\r|^-- .* --$/m.test(text)) {
      attachments.push({ name: `${this.name}.${ending}`, text });
      return [spoken("file", `${this.name}.${ending}`)];
    }
    files.set(`${script}.${this.name}.${ending}`, bytes);
    return [spoken("file", `${script}.${this.name}.${ending}`)];
  }
}

function act(act: Act): Item {
  return { type: "direction", at: noPlace, gap: false, act };
}
