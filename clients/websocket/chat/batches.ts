import type { IrcMessage } from "../../../wire/irc.ts";

/** Lines that belong together (IRCv3 batch). */
export interface Batch {
  readonly type: string;
  /** What the first line said behind its type, with the type. */
  readonly params: readonly string[];
  readonly lines: IrcMessage[];
}

/** Batches that have begun and not ended. */
export class Batches {
  readonly #open = new Map<string, Batch>();

  /** @returns a batch that is complete with this line; `inside` for a line of one that is not; nothing for any other line */
  take(message: IrcMessage): Batch | "inside" | undefined {
    const { command, params, tags } = message;
    const parent = this.#open.get(tags.get("batch") ?? "");
    if (command === "BATCH") {
      const [edge = "", ...rest] = params;
      const reference = edge.slice(1);
      if (edge.startsWith("+")) {
        this.#open.set(reference, { type: rest[0] ?? "", params: rest, lines: [] });
        return "inside";
      }
      const batch = this.#open.get(reference);
      this.#open.delete(reference);
      return batch ?? "inside";
    }
    if (!parent) return undefined;
    parent.lines.push(message);
    return "inside";
  }
}
