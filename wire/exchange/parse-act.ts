import { bounds } from "./bounds.ts";
import { nearest } from "./problem.ts";
import { milliseconds } from "./script.ts";
import type { Act, Duration, Opener, Role, When } from "./script.ts";

/** Why a stage direction or a block's head is wrong, in words, with the nearest thing that is right. */
export interface Misunderstood {
  readonly message: string;
  readonly suggestion?: string;
}

const conn = "[a-z][a-z0-9_-]*";
const time = String.raw`\d+(?:\.\d+)?(?:ms|s)`;

/** What stands between the parentheses of a stage direction. */
export function parseAct(text: string): Act | Misunderstood {
  for (const [pattern, build] of acts) {
    const found = pattern.exec(text);
    if (found) return build(found);
  }
  return misunderstood("I don't know the stage direction", text, [...actExamples, ...openerExamples]);
}

/** The head of a block when the text begins one, `undefined` when it is a stage direction. */
export function parseOpener(text: string): Opener | Misunderstood | undefined {
  if (text === "optional" || text === "any number" || text === "one or more" || text === "either") {
    return { type: text };
  }
  const repeat = /^repeat (\d+) times?$/.exec(text);
  if (repeat) {
    const times = Number(repeat[1]);
    if (times <= bounds.repeatTimes) return { type: "repeat", times };
    return { message: `at most ${bounds.repeatTimes} repetitions` };
  }
  if (/^whenever\b/.test(text)) {
    const when = parseWhen(text.slice("whenever".length).trim());
    return when === undefined
      ? misunderstood("I don't know when", text, openerExamples)
      : { type: "whenever", when };
  }
  return /^(repeat|optional|any|one|either)\b/.test(text)
    ? misunderstood("I don't know the block", text, openerExamples)
    : undefined;
}

export function isMisunderstood(parsed: object): parsed is Misunderstood {
  return "message" in parsed;
}

/** `2 times` is read as `first 2 times`: both are written, they mean the same, and the printer has one spelling. */
function parseWhen(text: string): When | undefined {
  if (text === "") return { type: "always" };
  const counted = /^(?:(first|after) )?(\d{1,6}) times?$/.exec(text);
  if (counted) return { type: counted[1] === "after" ? "after" : "first", count: Number(counted[2]) };
  const nth = /^the (\d{1,6})(?:st|nd|rd|th) time$/.exec(text);
  if (nth && Number(nth[1]) > 0) return { type: "nth", count: Number(nth[1]) };
  const percent = /^(\d{1,3}) ?%$/.exec(text);
  if (percent && Number(percent[1]) <= 100) return { type: "percent", percent: Number(percent[1]) };
  return undefined;
}

const wholeDuration = new RegExp(`^${time}$`);

/** A duration as the headers and directions spell it, `undefined` when it is not one. */
export function parseDuration(text: string): Duration | undefined {
  return wholeDuration.test(text) ? durationOf(text) : undefined;
}

type Build = (found: RegExpExecArray) => Act | Misunderstood;
const pattern = (source: string): RegExp => new RegExp(`^${source}$`);
const named = (name: string | undefined): { connection?: string } =>
  name === undefined ? {} : { connection: name };

const acts: readonly (readonly [RegExp, Build])[] = [
  [
    pattern(`([CS]) connects(?: (?!to )(${conn}))?(?: to (\\S+))?`),
    ([, actor, name, to]) => ({
      does: "connects",
      actor: actor as Role,
      ...named(name),
      ...(to === undefined ? {} : { to }),
    }),
  ],
  [
    pattern(`([CS]) listens (${conn})`),
    ([, actor, name]) => ({ does: "listens", actor: actor as Role, connection: name! }),
  ],
  [
    pattern(`([CS]) (closes|half-closes|resets|stalls)(?: (${conn}))?`),
    ([, actor, does, name]) => ({ does: does as "closes", actor: actor as Role, ...named(name) }),
  ],
  [pattern(`C starts TLS(?: (${conn}))?`), ([, name]) => ({ does: "starts TLS", ...named(name) })],
  [
    pattern(`([CS]) waits (${time})`),
    ([, actor, wait]) => limited({ does: "waits", actor: actor as Role, duration: durationOf(wait) }),
  ],
  [
    pattern(`(within|silence) (${time})`),
    ([, does, wait]) => limited({ does: does as "within", duration: durationOf(wait) }),
  ],
  [
    pattern(`([CS]) drips (\\d{1,9}) bytes? every (${time})`),
    ([, actor, count, wait]) =>
      Number(count) === 0
        ? { message: "at least one byte has to drip" }
        : { does: "drips", actor: actor as Role, bytes: Number(count), every: durationOf(wait) },
  ],
  [
    pattern(`([CS]) (truncates to|garbles) (\\d{1,9}) bytes?`),
    ([, actor, does, count]) => ({
      does: does === "garbles" ? does : "truncates",
      actor: actor as Role,
      bytes: Number(count),
    }),
  ],
  [pattern("pass( quietly)?"), ([, quietly]) => ({ does: "pass", quietly: quietly !== undefined })],
  [pattern("include (\\S.*)"), ([, path]) => ({ does: "include", path: path! })],
];

function limited(act: Extract<Act, { readonly duration: Duration }>): Act | Misunderstood {
  const longest = bounds.waitMs;
  return milliseconds(act.duration) <= longest ? act : { message: `at most ${longest / 1000} seconds` };
}

function durationOf(text: string | undefined): Duration {
  const unit = text!.endsWith("ms") ? "ms" : "s";
  return { amount: Number.parseFloat(text!), unit };
}

const actExamples = [
  ...["C", "S"].flatMap((role) =>
    ["connects", "connects data", "listens data", "closes", "closes data", "half-closes", "resets", "stalls"]
      .concat(["waits 200ms", "drips 1 byte every 5ms", "truncates to 10 bytes", "garbles 3 bytes"])
      .map((act) => `${role} ${act}`),
  ),
  "C starts TLS",
  "within 200ms",
  "silence 300ms",
  "pass",
  "pass quietly",
  "include login.exchange",
  "end",
  "or",
];

const openerExamples = [
  "repeat 3 times",
  "optional",
  "any number",
  "one or more",
  "either",
  "whenever",
  "whenever first 2 times",
  "whenever the 2nd time",
  "whenever after 5 times",
  "whenever 10%",
];

function misunderstood(message: string, text: string, known: readonly string[]): Misunderstood {
  const suggestion = nearest(text, known);
  return { message: `${message} '${text}'`, ...(suggestion === undefined ? {} : { suggestion }) };
}
