import type { Said } from "../../wire/connection.ts";
import { byteString } from "../../wire/exchange/byte-string.ts";
import type { Message } from "../../wire/exchange/dialect.ts";
import type { ConnectionInterceptor } from "../../wire/interceptor.ts";
import type { Answers } from "./answers.ts";
import type { DataPassages } from "./data-passages.ts";
import type { LoginWatch } from "./login-watch.ts";
import type { Witness } from "./relay-house.ts";
import type { Side } from "./side.ts";

/** What telling a client needs of its relay. */
export interface TellingOptions {
  readonly front: Side;
  readonly back: () => Side | undefined;
  readonly answers: Answers;
  readonly logins: LoginWatch;
  readonly watcher: ConnectionInterceptor | undefined;
  readonly witness: Witness | undefined;
  readonly data: DataPassages | undefined;
  readonly record: (from: "S", text: string) => void;
  /** What the client says next has to wait, so the server's end has to wait too. */
  readonly isHeld: () => boolean;
  /** An address has been changed on the way: there may be more to tell, or to pass on. */
  readonly more: () => void;
  /** The client was told the last reply to this command. */
  readonly answered: (asked: string, reply: string) => void;
}

/** The way back through a relay: what the server says, and the client is told. */
export class Telling {
  /** What the server says next has to wait. */
  isPaused = false;
  /** A rule has greeted in the server's place. */
  isGreeted = false;
  readonly #relay: TellingOptions;

  constructor(relay: TellingOptions) {
    this.#relay = relay;
  }

  /** Tell the client what the server has said, up to something that takes time. */
  tell(): void {
    const { front, data, witness } = this.#relay;
    const back = this.#relay.back();
    if (!back) return;
    while (!this.isPaused && back.messages.length > 0) {
      const message = back.messages.shift()!;
      if (data && /^22[79]/.test(message.text)) {
        this.isPaused = true;
        void data.reply(message.text).then((text) => {
          this.isPaused = false;
          this.#answer({ ...message, text, raw: front.encode(text) });
          this.#relay.more();
        });
      } else this.#answer(message);
    }
    front.link.flush();
    if (front.link.isCongested) back.link.pause();
    if (!back.hasEnded || back.isEndPassed || this.isPaused || this.#relay.isHeld()) return;
    back.isEndPassed = true;
    front.say(back.unfinished);
    front.link.end();
    witness?.ended("S", "closed");
  }

  /** The client hears this with the next flush: a byte string, or what a rule says. */
  say(said: Said): void {
    const bytes = typeof said === "string" ? said : byteString(said);
    if (bytes === "") return;
    this.#relay.front.say(bytes);
    this.#relay.record("S", bytes.replace(/\r?\n$/, "").replaceAll("\r\n", "\n"));
  }

  #answer(message: Message): void {
    const { answers, front, witness } = this.#relay;
    if (message.inBody) {
      witness?.said("S", message);
      front.say(message.raw);
      return;
    }
    const { asked, isLast, taken } = answers.answer(message);
    this.#learn(asked, message.text);
    if (this.isGreeted && asked === "" && isLast) this.isGreeted = false;
    else if (typeof taken === "object") this.say(taken.said);
    else if (taken === "no") {
      witness?.said("S", message);
      this.say(message.raw);
      if (isLast) this.#relay.answered(asked, message.text);
    }
    answers.settle();
  }

  #learn(asked: string, reply: string): void {
    const { logins, watcher, data } = this.#relay;
    const user = logins.answered(reply);
    if (user !== undefined) watcher?.identified?.(user);
    const protection = /^PROT ([PC])/i.exec(asked)?.[1]?.toUpperCase();
    if (data && protection !== undefined && reply.startsWith("2")) data.isPrivate = protection === "P";
  }
}
