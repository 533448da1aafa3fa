import { randomBytes } from "node:crypto";
import { WireError } from "../../errors.ts";
import { closePayload, encodeFrame, opcodes, WebSocketReader } from "../../websocket.ts";
import type { WebSocketEvent } from "../../websocket.ts";
import { bounds } from "../bounds.ts";
import { bufferOf, byteString } from "../byte-string.ts";
import type { Dialect, Dialogue, Message } from "../dialect.ts";
import type { Role } from "../script.ts";

/**
 * WebSocket messages, after the handshake. A line is a text message; `json` is a text compared by value; `binary`,
 * `ping` and `pong` carry bytes; `close` a code and a reason: `S close: 1000 bye`.
 */
export const message: Dialect = {
  name: "message",
  schemes: ["ws", "wss"],
  kinds: ["json", "binary", "ping", "pong", "close"],
  open: () => new MessageDialogue(),
  show: (message) => [message.text],
};

class MessageDialogue implements Dialogue {
  readonly #readers: Readonly<Record<Role, WebSocketReader>> = {
    C: new WebSocketReader({ isMasked: true, maxMessageBytes: bounds.messageBytes }),
    S: new WebSocketReader({ isMasked: false, maxMessageBytes: bounds.messageBytes }),
  };
  /** The bytes that belong to no message yet, and how many came before them. */
  readonly #waiting: Record<Role, string> = { C: "", S: "" };
  readonly #told: Record<Role, number> = { C: 0, S: 0 };

  cut(speaker: Role, bytes: string): Message[] {
    this.#waiting[speaker] += bytes;
    const reader = this.#readers[speaker];
    const { failure: before } = reader;
    const messages = reader.push(bufferOf(bytes)).map((event) => this.#message(speaker, event));
    // What was right comes first; what is wrong behind it is told with the next bytes, or when nothing was right.
    const failure = messages.length === 0 ? reader.failure : before;
    if (failure === undefined) return messages;
    throw new WireError("PROTOCOL_VIOLATION", `${failure.message} (close code ${failure.closeCode})`, {
      cause: failure,
    });
  }

  #message(speaker: Role, event: WebSocketEvent): Message {
    const length = event.end - this.#told[speaker];
    const raw = this.#waiting[speaker].slice(0, length);
    this.#waiting[speaker] = this.#waiting[speaker].slice(length);
    this.#told[speaker] = event.end;
    if (event.type === "close") {
      const reason = byteString(Buffer.from(event.reason));
      return { kind: "close", text: [event.code ?? "", reason].join(" ").trim(), raw };
    }
    return { kind: event.type === "text" ? "" : event.type, text: byteString(event.payload), raw };
  }

  unfinished(speaker: Role): string {
    return this.#waiting[speaker];
  }

  encode(speaker: Role, kind: string, text: string): string {
    const mask = speaker === "C" ? { mask: randomBytes(4) } : {};
    if (kind === "close") {
      const found = /^(?:(\d{1,5})(?: ([^]*))?)?$/.exec(text);
      if (!found) throw new TypeError(`'${text.slice(0, 60)}' is not a close code and a reason`);
      const code = found[1] === undefined ? undefined : Number(found[1]);
      const payload = closePayload(code, bufferOf(found[2] ?? "").toString("utf8"));
      return byteString(encodeFrame(opcodes.close, payload, mask));
    }
    const opcode = kind === "binary" || kind === "ping" || kind === "pong" ? opcodes[kind] : opcodes.text;
    return byteString(encodeFrame(opcode, bufferOf(text), mask));
  }
}
