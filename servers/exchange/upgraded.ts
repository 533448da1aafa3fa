import { WireError } from "../../wire/errors.ts";
import type { Dialect, Dialogue, Message } from "../../wire/exchange/dialect.ts";
import type { Role } from "../../wire/exchange/script.ts";

/** Longest head of a request or response. */
const maxHeadBytes = 16_384;

/**
 * A dialect that begins after an HTTP upgrade (RFC 6455 section 4), for whoever stands in the middle: the heads pass as
 * they are, but for extensions, because compressed messages could not be read. Rules hear text messages only.
 */
export function upgraded(dialect: Dialect): Dialect {
  return { ...dialect, open: () => new UpgradedDialogue(dialect.open()) };
}

class UpgradedDialogue implements Dialogue {
  readonly #inner: Dialogue;
  /** What has come of the heads; nothing when they are over. */
  readonly #heads: Record<Role, string | undefined> = { C: "", S: "" };
  /** The server goes on with HTTP. */
  #isRefused = false;

  constructor(inner: Dialogue) {
    this.#inner = inner;
  }

  cut(speaker: Role, bytes: string): Message[] {
    if (bytes === "") return [];
    const head = this.#heads[speaker];
    if (head !== undefined) return this.#head(speaker, head + bytes);
    if (this.#isRefused) return [passing(bytes)];
    const messages = this.#inner.cut(speaker, bytes);
    return messages.map((message) => (message.kind === "" ? message : { ...message, inBody: true }));
  }

  unfinished(speaker: Role): string {
    return this.#heads[speaker] ?? this.#inner.unfinished(speaker);
  }

  encode(speaker: Role, kind: string, text: string): string {
    return this.#inner.encode(speaker, kind, text);
  }

  #head(speaker: Role, bytes: string): Message[] {
    const end = bytes.indexOf("\r\n\r\n") + 4;
    if (end === 3) {
      if (bytes.length > maxHeadBytes) throw new WireError("LINE_TOO_LONG", "the handshake has no end");
      this.#heads[speaker] = bytes;
      return [];
    }
    const head = bytes.slice(0, end);
    this.#heads[speaker] = undefined;
    if (speaker === "S") this.#isRefused = !/^HTTP\/1\.1 101[ \r]/.test(head);
    const told = speaker === "C" ? head.replace(/^Sec-WebSocket-Extensions:.*\r\n/gim, "") : head;
    return [passing(told), ...this.cut(speaker, bytes.slice(end))];
  }
}

/** Bytes that go through unheard. */
function passing(bytes: string): Message {
  return { kind: "raw", text: bytes, raw: bytes, inBody: true };
}
