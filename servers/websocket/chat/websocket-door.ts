import { isUtf8 } from "node:buffer";
import { maxClientTagBytes, maxLineBytes } from "../../../wire/irc.ts";
import type { WebSocketEnd } from "../../../wire/websocket-owner.ts";
import type { WebSocketConnection } from "../connection.ts";
import type { Door, Hearer } from "../site.ts";
import type { Hub } from "./hub.ts";
import type { Line } from "./line.ts";
import type { Outlet } from "./outlet.ts";
import { ChatSession } from "./session.ts";

/** IRC over WebSocket (IRCv3): each message is one line without its end; as text, or as bytes when that was agreed. */
export function webSocketDoor(hub: Hub): Door {
  return {
    subprotocols: ["text.ircv3.net", "binary.ircv3.net"],
    limits: {
      maxMessageBytes: maxClientTagBytes + maxLineBytes,
      maxBufferedBytes: hub.options.maxUnreadBytes,
      // Who is too fast is heard later, not sent away.
      maxMessagesPerSecond: Number.MAX_SAFE_INTEGER,
    },
    welcome: (connection, { subprotocol }) =>
      new WebSocketSession(hub, connection, subprotocol !== "binary.ircv3.net"),
  };
}

/** A client on a WebSocket. */
class WebSocketSession implements Hearer, Outlet {
  readonly #connection: WebSocketConnection;
  readonly #isText: boolean;
  readonly #chat: ChatSession;
  /** Lines that wait until the one before them is answered. */
  readonly #waiting: { readonly text: string; readonly isUtf8: boolean }[] = [];
  #isBusy = false;

  constructor(hub: Hub, connection: WebSocketConnection, isText: boolean) {
    this.#connection = connection;
    this.#isText = isText;
    this.#chat = new ChatSession(hub, this);
    hub.enter(this.#chat);
  }

  get connection(): number {
    return this.#connection.connection;
  }

  get remoteAddress(): string {
    return this.#connection.remoteAddress;
  }

  heard(message: Buffer, isWholeText: boolean): void {
    const isRight = isWholeText || isUtf8(message);
    // Who sends several lines in one message, or their ends, is understood.
    for (const text of message.toString().split(/\r?\n/))
      if (text !== "") this.#waiting.push({ text, isUtf8: isRight });
    if (!this.#isBusy) this.#hearWaiting();
  }

  overflowed(): void {
    this.#chat.overflowed();
  }

  closed({ isClean }: WebSocketEnd): void {
    this.#chat.gone(isClean ? "Connection closed" : "Connection lost");
  }

  say(line: Line): void {
    this.#connection.send(this.#isText ? line.frame : line.binaryFrame);
  }

  end(): void {
    this.#connection.close(1000);
  }

  drop(how: "rst" | "fin" | "silence"): void {
    this.#connection.drop(how);
  }

  destroy(): void {
    this.#connection.destroy();
  }

  note(event: string): void {
    this.#connection.note(event);
  }

  #hearWaiting(): void {
    for (let line = this.#waiting.shift(); line !== undefined; line = this.#waiting.shift()) {
      const hearing = this.#chat.hear(line.text, line.isUtf8);
      if (!hearing) continue;
      this.#isBusy = true;
      // What has come already is bounded by what a socket gives at once.
      this.#connection.hold();
      void hearing.then(() => {
        this.#isBusy = false;
        this.#connection.release();
        this.#hearWaiting();
      });
      return;
    }
  }
}
