import { notAFloat, notAnInteger, refuse } from "./refusal.ts";

/*
 * Numbers as Redis reads and prints them: integers of 64 bits in their one canonical spelling, doubles, and decimals
 * that are added without a binary fraction in between.
 */

const canonical = /^(?:0|-?[1-9]\d{0,18})$/;
const most = 2n ** 63n - 1n;
const least = -(2n ** 63n);

/** A canonical integer of 64 bits, or nothing. */
export function readInteger(text: string): bigint | undefined {
  if (!canonical.test(text)) return undefined;
  const value = BigInt(text);
  return value > most || value < least ? undefined : value;
}

/**
 * An integer argument; beyond 2^53 it may lose its last digits, which no index or count can notice.
 * @throws Refusal when it is none
 */
export function integerOf(text: string, complaint = notAnInteger): number {
  if (text.length < 16 && canonical.test(text)) return Number(text);
  const value = readInteger(text);
  return value === undefined ? refuse(complaint) : Number(value);
}

/** An integer argument between two bounds. @throws Refusal when it is not */
export function integerWithin(text: string, from: number, to: number, complaint: string): number {
  const value = integerOf(text, complaint);
  return value < from || value > to ? refuse(complaint) : value;
}

/** The sum of an integer and an increment as text. @throws Refusal over 64 bits */
export function addIntegers(text: string, increment: string | number): string {
  if (text.length < 16 && canonical.test(text)) {
    const sum = Number(text) + Number(increment);
    if (Number.isSafeInteger(sum)) return String(sum);
  }
  const sum = (readInteger(text) ?? refuse(notAnInteger)) + BigInt(increment);
  return sum > most || sum < least ? refuse("increment or decrement would overflow") : String(sum);
}

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** A double as commands take it, or nothing: `1.5`, `1e3`, `inf`, `-inf`. */
export function readDouble(text: string): number | undefined {
  if (decimal.test(text)) return Number(text);
  const infinite = /^(?<sign>[+-]?)inf(?:inity)?$/i.exec(text);
  if (infinite) return infinite.groups?.["sign"] === "-" ? -Infinity : Infinity;
  return undefined;
}

/** @throws Refusal when it is none */
export function doubleOf(text: string, complaint = notAFloat): number {
  return readDouble(text) ?? refuse(complaint);
}

/** A double as it stands in replies: the shortest text that means it. */
export function printDouble(value: number): string {
  if (value === Infinity) return "inf";
  if (value === -Infinity) return "-inf";
  if (Object.is(value, -0)) return "-0";
  return String(value).replace(/e\+?/, "e+").replace("e+-", "e-");
}

/**
 * The sum of two decimals as text, exact to 17 digits behind the point: 0.1 and 0.2 give 0.3.
 * @throws Refusal when one of them is none
 */
export function addDecimals(one: string, other: string): string {
  const left = scaled(one);
  const right = scaled(other);
  const digits = Math.max(left.digits, right.digits);
  const sum =
    left.value * 10n ** BigInt(digits - left.digits) + right.value * 10n ** BigInt(digits - right.digits);
  if (digits === 0) return String(sum);
  const isNegative = sum < 0n;
  const text = String(isNegative ? -sum : sum).padStart(digits + 1, "0");
  const whole = text.slice(0, -digits);
  const fraction = text.slice(-digits).slice(0, 17).replace(/0+$/, "");
  const magnitude = fraction === "" ? whole : `${whole}.${fraction}`;
  return isNegative && magnitude !== "0" ? `-${magnitude}` : magnitude;
}

interface Scaled {
  readonly value: bigint;
  /** Digits behind the point. */
  readonly digits: number;
}

function scaled(text: string): Scaled {
  if (readDouble(text) === undefined) refuse(notAFloat);
  const match = /^(?<sign>[+-]?)(?<whole>\d*)\.?(?<fraction>\d*)(?:[eE](?<exponent>[+-]?\d+))?$/.exec(text);
  if (!match?.groups) return refuse("increment would produce NaN or Infinity");
  const { sign, whole = "", fraction = "", exponent = "0" } = match.groups;
  // A longer exponent is no number that anybody counts with, but a way to make us write gigabytes of noughts.
  if (Math.abs(Number(exponent)) > 400) refuse("increment would produce NaN or Infinity");
  const shift = fraction.length - Number(exponent);
  const magnitude = BigInt(whole + fraction) * (shift < 0 ? 10n ** BigInt(-shift) : 1n);
  return { value: sign === "-" ? -magnitude : magnitude, digits: Math.max(shift, 0) };
}
