import { type Beside, bytesAsLines } from "./recorded-bytes.ts";
import type { Act, Item, Role } from "./script.ts";

const noPlace = { file: "", line: 0 };

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
  content(beside: Beside): Item[] {
    if (!this.#isOpened) return [];
    const items: Item[] = [];
    if (this.#isPrivate) items.push(act({ does: "starts TLS", connection: this.name }));
    if (this.#speaker) {
      const { name } = this;
      const bytes = Buffer.concat(this.#chunks);
      items.push(...bytesAsLines({ speaker: this.#speaker, connection: name, name, bytes }, beside));
    }
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
}

function act(act: Act): Item {
  return { type: "direction", at: noPlace, gap: false, act };
}
