import { readServerMessage, writeClientMessage } from "../../../wire/pong/forms.ts";
import type { ClientMessage, Form, ServerMessage } from "../../../wire/pong/messages.ts";
import type { Snapshot } from "../../../wire/pong/snapshot.ts";
import { applyDelta } from "../../../wire/pong/snapshot.ts";
import { type Peer, peer } from "../peer.ts";

/** A client of npm `ws` that speaks the game's messages. */
export class Bot implements AsyncDisposable {
  readonly peer: Peer;
  readonly #form: Form;
  snapshot: Snapshot | undefined;

  private constructor(connected: Peer, form: Form) {
    this.peer = connected;
    this.#form = form;
  }

  static async connect(url: string, form: Form = "json"): Promise<Bot> {
    return new Bot(await peer(url), form);
  }

  /** Connect and come into a room. */
  static async join(
    url: string,
    { form = "json", ...join }: Partial<Extract<ClientMessage, { type: "join" }>> = {},
  ): Promise<Bot> {
    const bot = await Bot.connect(url, form);
    bot.say({ type: "join", form, ...join });
    return bot;
  }

  say(message: ClientMessage): void {
    this.peer.send(writeClientMessage(message, this.#form));
  }

  /** The next message; snapshots are put together on the way. */
  async next(): Promise<ServerMessage> {
    const message = readServerMessage(await this.peer.next(), this.snapshot);
    if (message.type === "snapshot") this.snapshot = message.snapshot;
    if (message.type === "delta" && this.snapshot) this.snapshot = applyDelta(this.snapshot, message.delta);
    return message;
  }

  /** The next message of a type; what comes before is passed by. */
  async hear<Type extends ServerMessage["type"]>(
    type: Type,
  ): Promise<Extract<ServerMessage, { type: Type }>> {
    for (;;) {
      const message = await this.next();
      if (message.type === type) return message as Extract<ServerMessage, { type: Type }>;
    }
  }

  /** Wait until the server has heard everything that was said so far. */
  async settle(): Promise<void> {
    const id = Math.floor(Math.random() * 0x7fff_ffff);
    this.say({ type: "ping", id });
    while ((await this.hear("pong")).id !== id);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.peer[Symbol.asyncDispose]();
  }
}
