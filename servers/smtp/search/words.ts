/**
 * Words of the full-text index. SQLite's `unicode61` tokenizer cuts at everything that is no letter and no digit and
 * forgets case and accents. Chinese, Japanese and Thai put no space between words, so each of their characters is set
 * apart here: a search for some of them is then a phrase, and finds them in the middle of a sentence.
 */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/gu;

/** The text as it goes into the index. */
export function indexText(text: string): string {
  return hasUnspaced(text) ? text.replace(unspaced, " $& ") : text;
}

// Far cheaper than the expression above, which a plain English mail would run over for nothing.
function hasUnspaced(text: string): boolean {
  return /[\u0e00-\u9fff\uf900-\u{3ffff}]/u.test(text);
}

/**
 * The FTS5 expression that finds these words one after the other; the last one may be the beginning of a longer word
 * when it has two characters or more.
 * @returns undefined when there is no letter and no digit to look for
 * @see https://www.sqlite.org/fts5.html section 3
 */
export function indexExpression(words: string): string | undefined {
  const text = indexText(words).replaceAll("\0", " ").replaceAll('"', " ");
  const last = /[\p{L}\p{N}\p{Co}\p{M}]+(?=[^\p{L}\p{N}\p{Co}\p{M}]*$)/u.exec(text)?.[0];
  if (last === undefined || !/[\p{L}\p{N}\p{Co}]/u.test(text)) return undefined;
  // One letter begins so many words that looking for all of them takes longer than people wait for: 50 ms, 100,000 mails.
  const mayBeLonger = last.replaceAll(/\p{M}/gu, "").length > 1;
  return mayBeLonger ? `"${text}" *` : `"${text}"`;
}
