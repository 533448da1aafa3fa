/**
 * The inline form of a command, as people type it and redis-cli splits it: words between blanks, `"…"` with the
 * escapes \n \r \t \b \a \" \\ \xHH, `'…'` with \' only.
 */

/** The words of a line, `undefined` when a quotation is not closed or something follows it at once. */
export function splitWords(line: string): string[] | undefined {
  const words: string[] = [];
  let at = 0;
  for (;;) {
    while (/\s/.test(line[at] ?? "")) at++;
    if (at >= line.length) return words;
    const word = /^(?:"(?:[^"\\]|\\[^])*"|'(?:[^'\\]|\\[^])*')(?=\s|$)|^[^\s"'][^\s"']*(?=\s|$)/.exec(
      line.slice(at),
    );
    if (word === null) return undefined;
    words.push(unquote(word[0]));
    at += word[0].length;
  }
}

function unquote(word: string): string {
  if (word.startsWith("'")) return word.slice(1, -1).replaceAll(String.raw`\'`, "'");
  if (!word.startsWith('"')) return word;
  return word
    .slice(1, -1)
    .replaceAll(/\\(x[0-9a-fA-F]{2}|[^])/g, (_, escape: string) =>
      escape.length === 3
        ? String.fromCharCode(Number.parseInt(escape.slice(1), 16))
        : (escapes[escape] ?? escape),
    );
}

const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", b: "\b", a: "\x07" };

/** A word as it has to be typed: bare when that is unambiguous, otherwise quoted. */
export function quoteWord(word: string): string {
  return /^[!#-&(-~]+$/.test(word) ? word : quoteBulk(word);
}

/** A byte string in quotation marks, as redis-cli prints a bulk string. */
export function quoteBulk(bytes: string): string {
  const escaped = bytes.replaceAll(/[\\"\0-\x1f\x7f-\xff]/g, (c) => {
    if (c === '"' || c === "\\") return `\\${c}`;
    const short = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\x07": "\\a" }[c];
    return short ?? `\\x${c.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
  return `"${escaped}"`;
}
