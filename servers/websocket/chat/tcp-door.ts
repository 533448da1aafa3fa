import type { SecureContext } from "node:tls";
import type { Said } from "../../../wire/connection.ts";
import { type ConversationServer, serveConversations } from "../../../wire/conversation-server.ts";
import type { Interceptor } from "../../../wire/interceptor.ts";
import type { Session, Turn, Voice } from "../../../wire/session.ts";
import type { Recorder } from "../../../wire/transcript.ts";
import type { Hub } from "./hub.ts";
import { ChatLineCutter, type HeardLine } from "./line-cutter.ts";
import type { Line } from "./line.ts";
import type { Outlet } from "./outlet.ts";
import { ChatSession } from "./session.ts";

/** What the doors of one chat share. */
export interface House {
  readonly hub: Hub;
  readonly recorder: Recorder;
  readonly interceptor: Interceptor;
  readonly secureContext: () => SecureContext;
}

/** The clients who have been told something in this turn of the event loop. */
class Turns {
  #due: TcpSession[] = [];

  add(session: TcpSession): void {
    if (this.#due.push(session) > 1) return;
    setImmediate(() => {
      const due = this.#due;
      this.#due = [];
      for (const one of due) one.flush();
    });
  }
}

/** IRC over TCP, and over TLS from the first byte. @throws WireError ADDRESS_IN_USE */
export async function openTcpDoor(house: House): Promise<ConversationServer> {
  const { hub, recorder, interceptor, secureContext } = house;
  const { host, port, tlsPort } = hub.options;
  const turns = new Turns();
  return await serveConversations(
    [
      { host, port },
      { host, port: tlsPort, hasImplicitTls: true },
    ],
    {
      recorder,
      // Who is silent is asked whether he is there; only a line that never ends is a matter of bytes.
      limits: { ...hub.options, idleTimeoutMs: Infinity, messageTimeoutMs: hub.options.pingMs * 2 },
      interceptor,
      secureContext,
      cutter: () => new ChatLineCutter(),
      show: ({ text, fault }) =>
        fault === undefined || fault === "bare LF" ? text : `(a line that is ${fault})`,
      open: (voice) => new TcpSession(hub, voice, turns),
    },
    "ERROR :Closing Link: too many connections\r\n",
  );
}

/** A client on a TCP connection. */
class TcpSession implements Session<HeardLine>, Outlet {
  readonly #voice: Voice;
  readonly #turns: Turns;
  readonly #chat: ChatSession;
  /** What was said and has not left. */
  #said = "";

  constructor(hub: Hub, voice: Voice, turns: Turns) {
    this.#voice = voice;
    this.#turns = turns;
    this.#chat = new ChatSession(hub, this);
    hub.enter(this.#chat);
  }

  get connection(): number {
    return this.#voice.connection;
  }

  get remoteAddress(): string {
    return this.#voice.remoteAddress;
  }

  greet(): Turn {
    return "";
  }

  hear({ text, fault, isUtf8 }: HeardLine): Turn | Promise<Turn> {
    if (fault === "endless") {
      this.#chat.end("A line without an end");
      return "";
    }
    if (fault === "too long") this.#chat.numeric("417", [], "Input line was too long");
    const hearing = fault === "too long" ? undefined : this.#chat.hear(text, isUtf8);
    return hearing ? hearing.then(() => this.#take()) : this.#take();
  }

  failed(error: unknown): Turn {
    this.#chat.end(`Error: ${error instanceof Error ? error.message : String(error)}`);
    return "";
  }

  expired(): Said {
    this.#chat.gone("Timed out");
    return "ERROR :Closing Link: a line took too long\r\n";
  }

  goodbye(): Said {
    this.#chat.gone("The server closes");
    return `${this.#take()}ERROR :Closing Link: the server closes\r\n`;
  }

  gone(how: "ended" | "lost"): void {
    this.#chat.gone(how === "lost" ? "Connection lost" : "Connection closed");
  }

  say(line: Line): void {
    if (this.#said === "") this.#turns.add(this);
    this.#said += `${line.text}\r\n`;
  }

  /** Let what was said leave. */
  flush(): void {
    if (this.#said === "") return;
    this.#voice.say(this.#take());
    if (this.#voice.waitingBytes > this.#chat.hub.options.maxUnreadBytes) this.#chat.overflowed();
  }

  end(): void {
    this.#voice.say(this.#take());
    this.#voice.end();
  }

  drop(how: "rst" | "fin" | "silence"): void {
    this.note(`dropped: ${how}`);
    if (how === "rst") this.#voice.reset();
    else if (how === "fin") this.#voice.end();
  }

  destroy(): void {
    this.#voice.destroy();
  }

  note(event: string): void {
    this.#voice.note(event);
  }

  #take(): string {
    const said = this.#said;
    this.#said = "";
    return said;
  }
}
