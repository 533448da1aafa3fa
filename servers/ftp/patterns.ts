/**
 * Shell patterns in `LIST *.txt`, `waitForUpload("out/*.xml")` and permissions: `*`, `?`, `[a-z]`, `[!a]`. `*` stops at a slash, `**` does not, and `**` with a slash behind it may also be nothing at all. Matching backtracks only to the last star, so a pattern such as
 * `*a*a*a*a*b` costs no more than the product of the two lengths.
 */

/** Whether a name is a pattern at all. */
export function isPattern(text: string): boolean {
  return /[*?[]/.test(text);
}

/** Whether the whole of `text` fits the pattern. */
export function matchesPattern(pattern: string, text: string): boolean {
  return matchesTokens(tokensOf(pattern), text) || matchesWithoutFolders(pattern, text);
}

function matchesWithoutFolders(pattern: string, text: string): boolean {
  return pattern.includes("**/") && matchesTokens(tokensOf(pattern.replaceAll("**/", "")), text);
}

function matchesTokens(tokens: readonly Token[], text: string): boolean {
  const characters = Array.from(text);
  let token = 0;
  let position = 0;
  // Where to go on when a character does not fit: behind the last `*`, and behind the last `**`.
  let star: Retry | undefined;
  let doubleStar: Retry | undefined;
  for (;;) {
    const expected = tokens[token];
    if (expected === "*" || expected === "**") {
      token += 1;
      if (expected === "*") star = { token, position };
      else [doubleStar, star] = [{ token, position }, undefined];
      continue;
    }
    const character = characters[position];
    if (expected === undefined && character === undefined) return true;
    if (expected !== undefined && character !== undefined && fits(expected, character)) {
      token += 1;
      position += 1;
      continue;
    }
    if (star !== undefined && star.position < characters.length && characters[star.position] !== "/") {
      star = { token: star.token, position: star.position + 1 };
      ({ token, position } = star);
    } else if (doubleStar !== undefined && doubleStar.position < characters.length) {
      doubleStar = { token: doubleStar.token, position: doubleStar.position + 1 };
      star = undefined;
      ({ token, position } = doubleStar);
    } else return false;
  }
}

interface Retry {
  readonly token: number;
  readonly position: number;
}

/** A character that must be there, any of a set, any one, or any number. */
type Token = string | CharacterSet;

interface CharacterSet {
  readonly isExcluding: boolean;
  readonly ranges: readonly (readonly [from: number, to: number])[];
}

const anyOne: CharacterSet = { isExcluding: true, ranges: [[0x2f, 0x2f]] };

function tokensOf(pattern: string): Token[] {
  const characters = Array.from(pattern);
  const tokens: Token[] = [];
  for (let index = 0; index < characters.length; index += 1) {
    const character = characters[index] ?? "";
    if (character === "*" && characters[index + 1] === "*") {
      tokens.push("**");
      index += 1;
    } else if (character === "?") tokens.push(anyOne);
    else if (character === "[") {
      const end = characters.indexOf("]", index + (characters[index + 1] === "!" ? 3 : 2));
      // A bracket that is never closed means itself.
      if (end === -1) tokens.push(setOf(["["]));
      else {
        tokens.push(setOf(characters.slice(index + 1, end)));
        index = end;
      }
    } else tokens.push(character);
  }
  return tokens;
}

function setOf(characters: readonly string[]): CharacterSet {
  const isExcluding = characters.length > 1 && (characters[0] === "!" || characters[0] === "^");
  const ranges: [number, number][] = [];
  for (let index = isExcluding ? 1 : 0; index < characters.length; index += 1) {
    const from = codeOf(characters[index]);
    const isRange = characters[index + 1] === "-" && index + 2 < characters.length;
    ranges.push([from, isRange ? codeOf(characters[index + 2]) : from]);
    if (isRange) index += 2;
  }
  if (isExcluding) ranges.push([0x2f, 0x2f]);
  return { isExcluding, ranges };
}

function fits(token: Token, character: string): boolean {
  if (typeof token === "string") return token === character;
  const code = codeOf(character);
  return token.ranges.some(([from, to]) => from <= code && code <= to) !== token.isExcluding;
}

function codeOf(character: string | undefined): number {
  return character?.codePointAt(0) ?? 0;
}
