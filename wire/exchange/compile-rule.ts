import type { Facts } from "./facts.ts";
import type { Effect } from "./fault.ts";
import { effectOf } from "./faults.ts";
import type { FaultRule, RuleSelector } from "./rule.ts";
import type { CountedRule, Times } from "./rule-book.ts";

/** What a rule may be about: a message, the greeting, or the connection as such. */
export type Occasion =
  | { readonly type: "message"; readonly text: string }
  | { readonly type: "greeting" | "connection" | "handshake" };

/** A rule, typed or written, that the engine can ask. */
export interface CompiledRule extends CountedRule {
  readonly effect: Effect;
  /** What it waits for, in words. */
  readonly on: string;
  readonly line?: number;
  /** It is about all bytes of a connection, so nobody has to understand what is said. */
  readonly isAboutBytes: boolean;
  /** Whether an occasion is what it waits for; numbers and chance are not looked at. */
  meets(occasion: Occasion, facts: Facts, connection: number, sinceStartMs: number): boolean;
}

/**
 * A typed rule made ready.
 * @throws TypeError when it makes no sense
 */
export function compileRule(rule: FaultRule, number: number): CompiledRule {
  const effect = effectOf(rule);
  const on = rule.on ?? effect.on;
  if (on === undefined && !effect.stage && !effect.secureContext) {
    throw new TypeError(`a rule with the fault "${rule.fault}" needs on: the message it waits for`);
  }
  const isWanted = effect.secureContext ? isHandshake : on === undefined ? isConnection : waitFor(on);
  return {
    number,
    effect,
    when: timesOf(rule),
    isAboutBytes: on === undefined && !effect.secureContext && !effect.needsClear,
    on: String(on ?? (effect.secureContext ? "handshake" : "connection")),
    meets: (occasion, facts, connection, sinceStartMs) =>
      isWanted(occasion) &&
      isAmong(rule.connection, connection) &&
      isBetween(rule.between, sinceStartMs) &&
      facts.fits(rule),
  };
}

const isHandshake = (occasion: Occasion): boolean => occasion.type === "handshake";
const isConnection = (occasion: Occasion): boolean => occasion.type === "connection";

function waitFor(on: string | RegExp): (occasion: Occasion) => boolean {
  if (on instanceof RegExp) return (occasion) => occasion.type === "message" && on.test(occasion.text);
  const wanted = on.split("|").map((one) => one.trim().toUpperCase());
  return (occasion) =>
    occasion.type === "message"
      ? wanted.some((one) => begins(occasion.text, one))
      : wanted.includes(occasion.type.toUpperCase());
}

/** Whether a command begins with these words; `MAIL` does not begin `MAILBOX`. */
function begins(text: string, words: string): boolean {
  if (!text.toUpperCase().startsWith(words)) return false;
  const next = text[words.length];
  return next === undefined || !/\w/.test(next) || !/\w$/.test(words);
}

function timesOf({ times, percent }: RuleSelector): Times {
  if (percent !== undefined) {
    if (times !== undefined) throw new TypeError("a rule has times or percent, not both");
    if (!(percent >= 0 && percent <= 100)) throw new TypeError("percent is a number from 0 to 100");
    return { type: "percent", percent };
  }
  if (times === undefined) return { type: "always" };
  const [type, count] = Object.entries(times)[0] as [Exclude<Times["type"], "always" | "percent">, number];
  if (!(Number.isInteger(count) && count >= (type === "after" || type === "first" ? 0 : 1))) {
    throw new TypeError(`times: ${type} is a whole number`);
  }
  return { type, count };
}

function isAmong(wanted: RuleSelector["connection"], connection: number): boolean {
  if (wanted === undefined) return true;
  return typeof wanted === "number" ? wanted === connection : wanted.includes(connection);
}

function isBetween(between: RuleSelector["between"], sinceStartMs: number): boolean {
  if (between === undefined) return true;
  const { fromMs = 0, toMs = Infinity } = between;
  return sinceStartMs >= fromMs && sinceStartMs <= toMs;
}
