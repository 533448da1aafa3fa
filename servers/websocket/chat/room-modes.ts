import { foldName } from "../../../wire/irc.ts";
import { fitsMask } from "../../../wire/irc-mask.ts";

/**
 * The modes of a room (RFC 2811 section 4), as MODE changes them:
 *
 *     b mask   who may not come in, nor speak      i  only who is invited comes in
 *     k key    what JOIN must say                  m  only `o` and `v` speak
 *     l count  how many may be in                  n  only who is in speaks
 *     o nick   an operator                         s  not told to who is not in
 *     v nick   may speak where others may not      t  only operators set the topic
 */
const kinds = {
  b: "list",
  k: "key",
  l: "limit",
  o: "member",
  v: "member",
  i: "flag",
  m: "flag",
  n: "flag",
  s: "flag",
  t: "flag",
} as const;

/** One mode, by its letter. */
export type ModeLetter = keyof typeof kinds;

/** One of the changes that MODE asks for. */
export interface ModeChange {
  readonly isOn: boolean;
  readonly letter: ModeLetter;
  /** Whom or what it is about; a flag has none. */
  readonly param?: string;
}

/** What MODE asks of a room: what to change, what to list, and letters that mean nothing here. */
export interface AskedModes {
  readonly changes: readonly ModeChange[];
  /** `b` without a mask. */
  readonly asksForBans: boolean;
  readonly unknown: readonly string[];
  /** Letters without the parameter that they need. */
  readonly lacking: readonly ModeLetter[];
}

/** Whom a ban is about, and who says so. */
export interface Ban {
  readonly mask: string;
  readonly by: string;
  readonly atMs: number;
}

/** How modes are written down. */
export interface WrittenModes {
  readonly flags: string;
  readonly key?: string | undefined;
  readonly limit?: number | undefined;
  readonly bans: readonly Ban[];
}

/** Read `+ov-l ann bob`. @param words the letters, and what they are about */
export function readModes([letters = "", ...params]: readonly string[]): AskedModes {
  const changes: ModeChange[] = [];
  const unknown: string[] = [];
  const lacking: ModeLetter[] = [];
  let asksForBans = false;
  let isOn = true;
  for (const letter of letters) {
    if (letter === "+" || letter === "-") {
      isOn = letter === "+";
      continue;
    }
    if (!isMode(letter)) {
      unknown.push(letter);
      continue;
    }
    const kind = kinds[letter];
    // A key is taken away without knowing it, and a limit has no number then.
    const param = kind === "flag" || (letter === "l" && !isOn) ? undefined : params.shift();
    if (kind === "flag" || (!isOn && (letter === "k" || letter === "l"))) changes.push({ isOn, letter });
    else if (param !== undefined && param !== "") changes.push({ isOn, letter, param });
    else if (letter === "b") asksForBans = true;
    else lacking.push(letter);
  }
  return { changes, asksForBans, unknown, lacking };
}

/** Write changes as MODE tells them: `+o-l ann`. */
export function printModes(changes: readonly ModeChange[]): string {
  let letters = "";
  let sign = "";
  const params: string[] = [];
  for (const { isOn, letter, param } of changes) {
    const wanted = isOn ? "+" : "-";
    letters += sign === wanted ? letter : wanted + letter;
    sign = wanted;
    if (param !== undefined) params.push(param);
    else if (letter === "k") params.push("*");
  }
  return [letters, ...params].join(" ");
}

function isMode(letter: string): letter is ModeLetter {
  return Object.hasOwn(kinds, letter);
}

/** The modes that a room has, but for those of its members. */
export class RoomModes {
  readonly #flags = new Set("nt");
  key: string | undefined;
  limit: number | undefined;
  /** By their masks, as they are compared. */
  readonly bans = new Map<string, Ban>();

  /** @param written what `written` gave */
  static from({ flags, key, limit, bans }: WrittenModes): RoomModes {
    const modes = new RoomModes();
    modes.#flags.clear();
    for (const flag of flags) modes.#flags.add(flag);
    modes.key = key;
    modes.limit = limit;
    for (const ban of bans) modes.bans.set(foldName(ban.mask), ban);
    return modes;
  }

  get written(): WrittenModes {
    return { flags: this.flags, key: this.key, limit: this.limit, bans: [...this.bans.values()] };
  }

  /** The flags that are set: `nt`. */
  get flags(): string {
    return [...this.#flags].toSorted().join("");
  }

  has(flag: "i" | "m" | "n" | "s" | "t"): boolean {
    return this.#flags.has(flag);
  }

  /** Take a change that is not about a member. @returns whether it is one */
  change({ isOn, letter, param = "" }: ModeChange, by: string, atMs: number): boolean {
    switch (kinds[letter]) {
      case "list":
        return this.#changeBan(param, isOn, by, atMs);
      case "key":
        return this.#replace("key", isOn ? param : undefined);
      case "limit":
        return this.#replace("limit", isOn ? Number(param) : undefined);
      default:
        if (!isOn) return this.#flags.delete(letter);
        if (this.#flags.has(letter)) return false;
        this.#flags.add(letter);
        return true;
    }
  }

  /** Whether a ban is about somebody: `nick!user@host`. */
  isBanned(source: string): boolean {
    for (const { mask } of this.bans.values()) if (fitsMask(source, mask)) return true;
    return false;
  }

  /** As 324 tells them. @param isMember whether the key may be told */
  shown(isMember: boolean): readonly string[] {
    const { key, limit } = this;
    const letters = `+${key === undefined ? "" : "k"}${limit === undefined ? "" : "l"}${this.flags}`;
    const params = [
      ...(key === undefined ? [] : [isMember ? key : "*"]),
      ...(limit === undefined ? [] : [String(limit)]),
    ];
    return [letters, ...params];
  }

  #changeBan(mask: string, isOn: boolean, by: string, atMs: number): boolean {
    const key = foldName(mask);
    if (!isOn) return this.bans.delete(key);
    if (this.bans.has(key)) return false;
    this.bans.set(key, { mask, by, atMs });
    return true;
  }

  #replace<Mode extends "key" | "limit">(mode: Mode, value: this[Mode]): boolean {
    const isChange = this[mode] !== value;
    this[mode] = value;
    return isChange;
  }
}
