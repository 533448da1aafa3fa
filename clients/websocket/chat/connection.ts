import { WireError } from "../../../wire/errors.ts";
import { type IrcMessage, parseIrc, printIrc } from "../../../wire/irc.ts";
import { type Carrier, openCarrier } from "./carrier.ts";
import type { ResolvedChatClientOptions } from "./options.ts";
import { Registration } from "./registration.ts";

/** Who hears what a connection brings. */
export interface ConnectionHearer {
  heard(message: IrcMessage): void;
  /** It is over, once. */
  lost(): void;
}

/** Who we want to be. */
export interface Identity {
  readonly nick: string;
  /** What the server gave us for this nick on the connection before; empty for none. */
  readonly token: string;
}

/** One connection on which we are welcome, and which is given up when the server no longer answers. */
export class ChatConnection {
  /** What the server calls us. */
  nick = "";
  readonly #options: ResolvedChatClientOptions;
  readonly #hearer: ConnectionHearer;
  #carrier: Carrier | undefined;
  #registration: Registration | undefined;
  #heardMs = performance.now();
  #clock: NodeJS.Timeout | undefined;
  #isOver = false;

  private constructor(options: ResolvedChatClientOptions, hearer: ConnectionHearer) {
    this.#options = options;
    this.#hearer = hearer;
  }

  /** @throws WireError CONNECT_FAILED, CONNECTION_LOST, TIMED_OUT, TLS_FAILED, REPLY_UNEXPECTED */
  static async open(
    options: ResolvedChatClientOptions,
    identity: Identity,
    hearer: ConnectionHearer,
  ): Promise<ChatConnection> {
    const connection = new ChatConnection(options, hearer);
    await connection.#open(identity);
    return connection;
  }

  has(capability: string): boolean {
    return this.#registration?.capabilities.has(capability) ?? false;
  }

  /** Say a line; nothing is said when the connection is gone. */
  send(line: string): void {
    this.#carrier?.send(line);
  }

  /** End it at once. */
  destroy(): void {
    this.#over();
  }

  async #open(identity: Identity): Promise<void> {
    const { connectTimeoutMs, pingIntervalMs, pongTimeoutMs, url } = this.#options;
    this.#carrier = await openCarrier(this.#options, {
      heard: (line) => this.#hear(line),
      ended: () => this.#over(),
    });
    const registration = new Registration(this.#options, (line) => this.send(line), identity);
    this.#registration = registration;
    const late = setTimeout(
      () =>
        registration.fail(
          new WireError("TIMED_OUT", `${url} did not welcome us within ${connectTimeoutMs} ms`),
        ),
      connectTimeoutMs,
    );
    try {
      this.nick = await registration.welcome;
    } catch (error) {
      // Nobody hears of a connection that never was.
      this.#isOver = true;
      this.#carrier.destroy();
      throw error;
    } finally {
      clearTimeout(late);
    }
    const everyMs = Math.min(pingIntervalMs, pongTimeoutMs) / 4;
    this.#clock = setInterval(() => this.#check(), Math.min(Math.max(everyMs, 5), 1_000)).unref();
  }

  #hear(line: string): void {
    if (this.#isOver) return;
    this.#heardMs = performance.now();
    const message = parseIrc(line);
    if (message.command === "PING")
      this.send(printIrc({ command: "PONG", text: message.params.at(-1) ?? "" }));
    this.#registration?.hear(message);
    this.#hearer.heard(message);
  }

  /** Who is silent for too long is asked, and then given up. */
  #check(): void {
    const { pingIntervalMs, pongTimeoutMs, url } = this.#options;
    const quietMs = performance.now() - this.#heardMs;
    if (quietMs > pingIntervalMs + pongTimeoutMs) this.destroy();
    else if (quietMs > pingIntervalMs) this.send(`PING ${URL.parse(url)?.hostname ?? "there"}`);
  }

  #over(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearInterval(this.#clock);
    this.#carrier?.destroy();
    this.#registration?.fail(new WireError("CONNECTION_LOST", `to ${this.#options.url}`));
    this.#hearer.lost();
  }
}
