/**
 * Glob patterns of KEYS, SCAN and PSUBSCRIBE: `*`, `?`, `[a-z]`, `[^x]`, `\` before a character that means itself.
 * Matching takes at most pattern times text steps, whatever the pattern: a star never goes back behind a later star.
 */
export function matcher(pattern: string): (text: string) => boolean {
  if (pattern === "*") return () => true;
  const parts = parse(pattern);
  return (text) => matches(parts, text);
}

type Part = "*" | ((character: number) => boolean);

function parse(pattern: string): Part[] {
  const parts: Part[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at];
    if (character === "*") {
      if (parts.at(-1) !== "*") parts.push("*");
    } else if (character === "?") parts.push(() => true);
    else if (character === "[") {
      const found = parseClass(pattern, at + 1);
      parts.push(found.part);
      at = found.end;
    } else {
      if (character === "\\" && at + 1 < pattern.length) at += 1;
      const code = pattern.charCodeAt(at);
      parts.push((other) => other === code);
    }
  }
  return parts;
}

/** @returns the part and the offset of its last character; a class without `]` ends with the pattern */
function parseClass(pattern: string, from: number): { part: Part; end: number } {
  let at = from;
  const isNegated = pattern[at] === "^";
  if (isNegated) at += 1;
  const ranges: (readonly [number, number])[] = [];
  for (; at < pattern.length && pattern[at] !== "]"; at++) {
    if (pattern[at] === "\\" && at + 1 < pattern.length) at += 1;
    const first = pattern.charCodeAt(at);
    let last = first;
    if (pattern[at + 1] === "-" && at + 2 < pattern.length) {
      last = pattern.charCodeAt(at + 2);
      at += 2;
    }
    ranges.push([Math.min(first, last), Math.max(first, last)]);
  }
  const part = (code: number): boolean =>
    isNegated !== ranges.some(([low, high]) => code >= low && code <= high);
  return { part, end: Math.min(at, pattern.length - 1) };
}

function matches(parts: readonly Part[], text: string): boolean {
  let at = 0;
  let part = 0;
  let star = -1;
  let starAt = 0;
  while (at < text.length) {
    const wanted = parts[part];
    if (wanted === "*") {
      star = part++;
      starAt = at;
    } else if (wanted?.(text.charCodeAt(at))) {
      part++;
      at++;
    } else if (star >= 0) {
      part = star + 1;
      at = ++starAt;
    } else return false;
  }
  while (parts[part] === "*") part++;
  return part === parts.length;
}
