import { maxClientTagBytes, maxLineBytes } from "../../../wire/irc.ts";
import type { WebSocketEnd } from "../../../wire/websocket-owner.ts";
import type { WebSocketConnection } from "../connection.ts";
import type { Door, Hearer } from "../site.ts";
import type { Hub } from "./hub.ts";
import type { Line } from "./line.ts";
import type { Outlet } from "./outlet.ts";
import { ChatSession } from "./session.ts";

/** IRC over WebSocket (IRCv3): each message is one line without its end, as text. */
export function webSocketDoor(hub: Hub): Door {
  return {
    // With `binary.ircv3.net` lines may be bytes that are no UTF-8; this server speaks UTF-8 only.
    subprotocols: ["text.ircv3.net"],
    limits: {
      maxMessageBytes: maxClientTagBytes + maxLineBytes,
      maxBufferedBytes: hub.options.maxUnreadBytes,
      // Who is too fast is heard later, not sent away.
      maxMessagesPerSecond: Number.MAX_SAFE_INTEGER,
    },
    welcome: (connection) => new WebSocketSession(hub, connection),
  };
}

/** A client on a WebSocket. */
class WebSocketSession implements Hearer, Outlet {
  readonly #connection: WebSocketConnection;
  readonly #chat: ChatSession;
  /** Lines that wait until the one before them is answered. */
  readonly #waiting: string[] = [];
  #isBusy = false;

  constructor(hub: Hub, connection: WebSocketConnection) {
    this.#connection = connection;
    this.#chat = new ChatSession(hub, this);
    hub.enter(this.#chat);
  }

  get connection(): number {
    return this.#connection.connection;
  }

  get remoteAddress(): string {
    return this.#connection.remoteAddress;
  }

  heard(message: Buffer): void {
    // Who sends several lines in one message, or their ends, is understood.
    for (const line of message.toString().split(/\r?\n/)) if (line !== "") this.#waiting.push(line);
    if (!this.#isBusy) this.#hearWaiting();
  }

  overflowed(): void {
    this.#chat.overflowed();
  }

  closed({ isClean }: WebSocketEnd): void {
    this.#chat.gone(isClean ? "Connection closed" : "Connection lost");
  }

  say(line: Line): void {
    this.#connection.send(line.frame);
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
      const hearing = this.#chat.hear(line);
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
