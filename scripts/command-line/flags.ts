import type { ListenAddress } from "../../wire/listener.ts";

/** What a person typed wrong: one sentence that says what, and what to do. Ends a command with exit code 1. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}

/** One flag of a command: how it is written, explained and read. Its name is the key in the command's table. */
export interface Flag<Value> {
  /** The word after the flag in the help text; a flag without one is either there or not. */
  readonly argument?: string;
  readonly help: string;
  /** One letter, for `-q`. */
  readonly letter?: string;
  /** Other names, for people who know them from elsewhere. */
  readonly aliases?: readonly string[];
  /** Environment variables that stand for the flag, besides `PORTSIDE_` and its name. */
  readonly env?: readonly string[];
  readonly isRepeatable?: boolean;
  /** Whether its values may also stand without the flag: `portside upload a.txt b.txt`. One flag of a command may. */
  readonly isOperand?: boolean;
  /** Make the value of what was given: nothing when the flag is not there. `name` is for complaints. */
  read(given: readonly string[], name: string): Value;
}

/** How a flag is explained and called; shared by all kinds. */
export type FlagText = Pick<Flag<unknown>, "help" | "letter" | "aliases" | "env"> & {
  readonly argument?: string;
};

/** A flag that is there or not. */
export function toggle(text: FlagText): Flag<boolean> {
  return {
    ...text,
    read: ([given], name) => {
      const word = given?.toLowerCase() ?? "false";
      if (["true", "1", "yes", "on"].includes(word)) return true;
      if (["false", "0", "no", "off", ""].includes(word)) return false;
      throw new CommandError(`${name} is "${given}"; leave the value out, or say true or false`);
    },
  };
}

/** A flag with a value, read by `parse`; the last one given counts. */
export function value<Value>(
  text: FlagText & { readonly argument: string },
  parse: (given: string, name: string) => Value,
): Flag<Value | undefined> {
  return { ...text, read: (given, name) => given.map((one) => parse(one, name)).at(-1) };
}

/** A flag that may be given several times. */
export function values<Value>(
  text: FlagText & { readonly argument: string },
  parse: (given: string, name: string) => Value,
): Flag<readonly Value[]> {
  return { ...text, isRepeatable: true, read: (given, name) => given.map((one) => parse(one, name)) };
}

/** A flag whose values may stand alone. */
export function operands(text: FlagText & { readonly argument: string }): Flag<readonly string[]> {
  return { ...text, isRepeatable: true, isOperand: true, read: (given) => given };
}

/** Text as it is. */
export function text(given: string): string {
  return given;
}

/** A whole number that is not negative. */
export function wholeNumber(given: string, name: string): number {
  if (!/^\d{1,15}$/.test(given)) throw new CommandError(`${name} is "${given}"; give a whole number`);
  return Number(given);
}

/** A whole number from 1. */
export function positiveNumber(given: string, name: string): number {
  const count = wholeNumber(given, name);
  if (count === 0) throw new CommandError(`${name} is 0; give a whole number from 1`);
  return count;
}

/** A TCP port; 0 takes a free one. */
export function port(given: string, name: string): number {
  if (!/^\d{1,5}$/.test(given) || Number(given) > 65_535) {
    throw new CommandError(`${name} is "${given}"; give a port from 0 to 65535, where 0 takes a free one`);
  }
  return Number(given);
}

/** Where to listen: `127.0.0.1:1025`, `[::1]:0`, `:1025` or `1025`; without an address it is 127.0.0.1. */
export function listenAddress(given: string, name: string): Required<Omit<ListenAddress, "path">> {
  const parts = /^(?:(?:\[(?<ipv6>[\da-f:.%]+)\]|(?<host>[^\s:[\]]*)):)?(?<port>\d{1,5})$/i.exec(
    given,
  )?.groups;
  if (!parts || Number(parts["port"]) > 65_535) {
    throw new CommandError(`${name} is "${given}"; give [ip]:port, such as 127.0.0.1:1025, :1025 or [::1]:0`);
  }
  return { host: (parts["ipv6"] ?? parts["host"]) || "127.0.0.1", port: Number(parts["port"]) };
}

const unitsMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** A span of time in milliseconds: `3d`, `12h`, `30m`, `45s`, `500ms`. */
export function durationMs(given: string, name: string): number {
  const parts = /^(?<count>\d+(?:\.\d+)?)(?<unit>ms|[smhdw])$/.exec(given)?.groups;
  const unitMs = unitsMs[parts?.["unit"] ?? ""];
  if (!parts || unitMs === undefined) {
    throw new CommandError(`${name} is "${given}"; give a number with a unit, such as 3d, 12h, 30m or 45s`);
  }
  return Math.round(Number(parts["count"]) * unitMs);
}
