import { foldName } from "../../../wire/irc.ts";

/** Whose nick it was. */
export interface FormerNick {
  readonly nick: string;
  readonly user: string;
  readonly host: string;
  readonly realName: string;
}

/** Nicks that were given up at this process, for WHOWAS; the oldest go first. */
export class FormerNicks {
  readonly #all: FormerNick[] = [];
  readonly #most: number;

  constructor(most = 200) {
    this.#most = most;
  }

  add({ nick, user, host, realName }: FormerNick): void {
    this.#all.push({ nick, user, host, realName });
    if (this.#all.length > this.#most) this.#all.shift();
  }

  /** Who had a nick, the latest first. */
  of(nick: string): FormerNick[] {
    return this.#all.filter((former) => foldName(former.nick) === foldName(nick)).toReversed();
  }
}
