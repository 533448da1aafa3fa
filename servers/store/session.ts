import {
  type CommandCutter,
  CommandFault,
  type CommandHeard,
  type CommandLimits,
} from "../../wire/resp-command.ts";
import type { Said } from "../../wire/connection.ts";
import type { Session, Turn, Voice } from "../../wire/session.ts";
import type { Client, ClientLine } from "./client.ts";
import type { Engine } from "./engine.ts";
import type { ResolvedStoreOptions } from "./options.ts";
import { error } from "./reply.ts";

/** What somebody may say who has not logged in: enough for AUTH, and nothing that costs memory. */
const strangersLimits: CommandLimits = { maxWords: 10, maxWordBytes: 16_384, whose: "unauthenticated " };

/** What a command may be, for those who have logged in or do not have to. */
export function commandLimits({ password, maxWords, maxValueBytes }: ResolvedStoreOptions): CommandLimits {
  return password === undefined ? { maxWords, maxWordBytes: maxValueBytes } : strangersLimits;
}

/** One connection: commands in, replies out, and what channels have for it in between. */
export class StoreSession implements Session<CommandHeard> {
  readonly #voice: Voice;
  readonly #engine: Engine;
  readonly #client: Client;
  readonly #cutter: CommandCutter;
  #pushes = "";
  #isTrusted: boolean;

  constructor(voice: Voice, engine: Engine, cutter: CommandCutter) {
    this.#voice = voice;
    this.#engine = engine;
    this.#cutter = cutter;
    this.#client = engine.connect(new SessionLine(voice, (text) => this.#push(text)));
    this.#isTrusted = this.#client.isAuthenticated;
  }

  greet(): Turn {
    return "";
  }

  hear(message: CommandHeard): Turn | Promise<Turn> {
    if (message instanceof CommandFault) return { say: error(`ERR ${message.text}`), end: true };
    const client = this.#client;
    const answer = this.#engine.call(client, message);
    if (typeof answer !== "string") return answer;
    if (this.#pushes === "" && this.#isTrusted && !client.isLeaving && client.replies === "on") return answer;
    return this.#withCare(answer);
  }

  /** Under `always` nothing is answered before it is on the disk. */
  settle(): void {
    this.#engine.journal?.settle();
  }

  /** Who has hung up waits for nothing any more. */
  heardAll(): void {
    this.#client.unblock?.();
  }

  failed(cause: unknown): Turn {
    return error(`ERR ${cause instanceof Error ? cause.message : String(cause)}`);
  }

  expired(): Said {
    return "";
  }

  goodbye(): Said {
    return "";
  }

  gone(): void {
    this.#engine.disconnect(this.#client);
  }

  #withCare(answer: string): Turn {
    const client = this.#client;
    if (!this.#isTrusted && client.isAuthenticated) {
      const { maxWords, maxValueBytes } = this.#engine.options;
      this.#cutter.limits = { maxWords, maxWordBytes: maxValueBytes };
      this.#isTrusted = true;
    }
    // What was pushed before the reply was made arrives before it.
    const pushed = this.#pushes;
    this.#pushes = "";
    const say = pushed + (this.#isReplyWanted() ? answer : "");
    return client.isLeaving ? { say, end: true } : say;
  }

  #isReplyWanted(): boolean {
    const client = this.#client;
    const { replies } = client;
    if (replies === "skip next") client.replies = "skip";
    else if (replies === "skip") client.replies = "on";
    return replies === "on";
  }

  /** Messages that come in one go leave in one write, when whoever published has been heard. */
  #push(text: string): void {
    if (this.#pushes === "") queueMicrotask(() => this.#flush());
    this.#pushes += text;
  }

  #flush(): void {
    const pushed = this.#pushes;
    this.#pushes = "";
    if (pushed !== "") this.#voice.say(pushed);
    if (this.#voice.waitingBytes <= this.#engine.options.maxUnreadBytes) return;
    this.#voice.note(`ended: ${this.#voice.waitingBytes} bytes wait for it to read`);
    this.#voice.destroy();
  }
}

/** How the engine reaches a connection. */
class SessionLine implements ClientLine {
  readonly #voice: Voice;
  readonly push: (text: string) => void;

  constructor(voice: Voice, push: (text: string) => void) {
    this.#voice = voice;
    this.push = push;
  }

  get remoteAddress(): string {
    return this.#voice.remoteAddress;
  }

  get remotePort(): number {
    return this.#voice.remotePort;
  }

  get localAddress(): string {
    return this.#voice.localAddress;
  }

  destroy(): void {
    this.#voice.destroy();
  }
}
