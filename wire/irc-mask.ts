import { foldName } from "./irc.ts";

/**
 * Whether a text fits a mask (RFC 2812 section 2.5): `*` stands for any letters, `?` for one; letters are compared as
 * names are. The time is that of the lengths multiplied, whatever the mask.
 */
export function fitsMask(text: string, mask: string): boolean {
  const said = foldName(text);
  const wanted = foldName(mask);
  let at = 0;
  let wantedAt = 0;
  /** Where the last star is, and how much of the text it has taken; it takes one more when the rest does not fit. */
  let star = -1;
  let taken = 0;
  while (at < said.length) {
    const letter = wanted[wantedAt];
    if (letter === "*") {
      star = wantedAt++;
      taken = at;
    } else if (letter !== undefined && (letter === "?" || letter === said[at])) {
      at++;
      wantedAt++;
    } else if (star >= 0) {
      at = ++taken;
      wantedAt = star + 1;
    } else return false;
  }
  while (wanted[wantedAt] === "*") wantedAt++;
  return wantedAt === wanted.length;
}

/** A mask of people written out: `ann` is `ann!*@*`, `*@host` is `*!*@host`. */
export function wholeMask(mask: string): string {
  const [, nick = "", user = "", host = ""] = /^([^!@]*)(?:!([^@]*))?(?:@(.*))?$/.exec(mask) ?? [];
  // Without a bang, what is before an at is a user.
  if (mask.includes("@") && !mask.includes("!")) return `*!${nick || "*"}@${host || "*"}`;
  return `${nick || "*"}!${user || "*"}@${host || "*"}`;
}
