import { announcing, moneyBefore, naming, otherCodes, unitAfter } from "./code-words.ts";

/** The shapes of a code: `493 817`, `AB12-CD34`, `493817`, `G-493817` of which the digits are typed, `4 9 3 8`, `A1B2C3`. */
const shapes =
  /(?<![\p{L}\p{N}_.,:/+=@-])(?:(\d(?:[ \u00a0]\d){3,7}|\d{3}[ \u00a0-]\d{3}|\d{4}[ \u00a0-]\d{4}|\d{2}([ \u00a0-])\d{2}\2\d{2})|([A-Z\d]{3,6}(?:-[A-Z\d]{3,6}){1,3})|(?:[A-Z]-)?(\d{4,8})|((?=[A-Z]*\d)(?=\d*[A-Z])[A-Z\d]{5,8}))(?![\p{L}\p{N}_/=@]|[ \u00a0]?[-–.:][\p{L}\p{N}]|[ \u00a0]\d{2,})/gu;

/** A telephone number, or another run of digits that is too long for a code. */
const longNumber = /\+?\(?\d(?:[ ().\u00a0/-]{0,2}\d){8,30}/g;
// An address is looked for at the beginning of a word only: at every character of a long line it costs seconds.
const address = /\b[a-z][a-z\d+.-]{1,20}:\/\/\S+|\bwww\.\S+|(?<![^\s<>@])[^\s<>@]{1,64}@[^\s<>@]{1,255}/gi;
const date = /\b\d{1,4}([-/.])\d{1,2}\1\d{1,4}\b/g;

/** How far from a code the word that announces it may stand, in characters. */
const reach = 120;

/**
 * One-time codes: what a person would type into a form, best guess first. A guess is good when a word such as "code"
 * or "PIN" is near, and when nothing else is on its line; years, amounts, dates, telephone and order numbers are none.
 * @param texts what a person reads, each by itself: subject, text, HTML as text
 */
export function findCodes(...texts: readonly string[]): string[] {
  const scores = new Map<string, { code: string; score: number }>();
  for (const guess of texts.flatMap(guesses)) {
    const key = guess.code.replace(/[ -]/g, "");
    const known = scores.get(key);
    if (!known || known.score < guess.score) scores.set(key, guess);
  }
  return [...scores.values()].sort((one, other) => other.score - one.score).map(({ code }) => code);
}

interface Guess {
  readonly code: string;
  readonly score: number;
}

function guesses(original: string): Guess[] {
  const text = original.replace(address, blank).replace(date, blank).replace(longNumber, blank);
  const words = [...text.replace(otherCodes, blank).matchAll(announcing)].map(({ index, 0: word }): Span => [
    index,
    index + word.length,
  ]);
  const found: Guess[] = [];
  let nearest = 0;
  for (const match of text.matchAll(shapes)) {
    const [whole, grouped, , dashed, digits, mixed] = match;
    const code = asTyped(grouped ?? dashed ?? digits ?? mixed ?? "");
    const span: Span = [match.index, match.index + whole.length];
    while (nearest + 1 < words.length && words[nearest + 1]![0] < span[0]) nearest++;
    const distance = Math.min(
      ...[words[nearest], words[nearest + 1]].map((word) => distanceOf(text, span, word)),
    );
    const score = rate(code, text, span, distance);
    if (score > 0) found.push({ code, score });
  }
  return found;
}

/** Digits that stand in boxes of their own are typed one after the other. */
function asTyped(shown: string): string {
  const code = shown.replace(/\u00a0/g, " ");
  return /^\d(?: \d)+$/.test(code) ? code.replaceAll(" ", "") : code;
}

type Span = readonly [start: number, end: number];

/** Nothing of the same length: offsets stay, and no code touches it. */
function blank(match: string): string {
  return "\0".repeat(match.length);
}

/**
 * Characters between a code and a word. A word after the code may announce the next one, so it counts as farther;
 * but not in `493817 is your code`.
 */
function distanceOf(text: string, [start, end]: Span, word: Span | undefined): number {
  if (!word) return Infinity;
  if (word[0] < start) return Math.max(0, start - word[1]);
  const isSentence = /^ (?:is|ist|es|est|è) /.test(text.slice(end, end + 6));
  return isSentence && word[0] - end < reach / 2 ? 2 : (word[0] - end) * 1.5 + 5;
}

function rate(code: string, text: string, [start, end]: Span, distance: number): number {
  const before = text.slice(Math.max(0, start - 40), start);
  const after = text.slice(end, end + 20);
  const isAlone = /(?:^|\n)[\s*_>|]*$/.test(before) && /^[\s*_|.]*(?:\n|$)/.test(after);
  const isNear = distance <= reach;
  const isAnnounced = distance <= 16;
  if (naming.test(before) || moneyBefore.test(before) || unitAfter.test(after)) return 0;
  if (/^(?:19|20)\d\d$/.test(code) && !isAnnounced && !(isAlone && isNear)) return 0;
  if (isPostcode(code, before, after) && !isAnnounced) return 0;
  const isDistinct = /^\d{6}$|^\d{3}[ -]\d{3}$|^(?=.*\d)(?=.*[A-Z]).*-/.test(code);
  // Capitals with a dash, or with digits, are also model numbers and headlines.
  if (!/^[\d -]+$/.test(code) && !isNear) return isAlone && isDistinct ? 1 : 0;
  if (/^[A-Z\d]+$/.test(code) && /[A-Z]/.test(code) && !isAnnounced && !isAlone) return 0;
  if (!isNear && !(isAlone && isDistinct)) return 0;
  return (isNear ? 20 - distance / 10 : 1) + (isAlone ? 6 : 0) + (isDistinct ? 3 : 0);
}

/** `10115 Berlin`, `CA 94105`, `D-10115`. */
function isPostcode(code: string, before: string, after: string): boolean {
  if (!/^\d{4,5}$/.test(code)) return false;
  return /(?:\b[A-Z]{2}|\b[A-Z]-)\s?$/.test(before) || /^ \p{Lu}\p{Ll}+/u.test(after);
}
