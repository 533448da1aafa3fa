/** The word that needs the fewest changes to become this one; none when all are too different. */
export function nearestWord(word: string, words: readonly string[]): string | undefined {
  const ranked = words
    .map((other) => ({ other, distance: editDistance(word, other) }))
    .sort((a, b) => a.distance - b.distance);
  const [best] = ranked;
  return best && best.distance <= (word.length > 3 ? Math.max(2, Math.floor(word.length / 3)) : 1)
    ? best.other
    : undefined;
}

/** How many letters must be put in, taken out or changed (Levenshtein), row by row. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [index, letter] of from.split("").entries()) {
    let diagonal = row[0] ?? 0;
    const next = [index + 1];
    for (let column = 1; column <= to.length; column++) {
      const above = row[column] ?? 0;
      const change = diagonal + (letter === to[column - 1] ? 0 : 1);
      next.push(Math.min(change, above + 1, (next[column - 1] ?? 0) + 1));
      diagonal = above;
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
