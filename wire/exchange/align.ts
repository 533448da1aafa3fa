/** A stretch of two sequences: the same in both, or what each has in its place. */
export interface Stretch<A, B> {
  readonly isSame: boolean;
  readonly before: readonly A[];
  readonly after: readonly B[];
}

/** Pairs of tokens that are compared at most; longer sequences differ as a whole between their common ends. */
const maxPairs = 4_000_000;

/**
 * Two sequences side by side, by their longest common subsequence.
 * @param same whether a token of the first stands for one of the second
 */
export function align<A, B>(
  before: readonly A[],
  after: readonly B[],
  same: (a: A, b: B) => boolean,
): Stretch<A, B>[] {
  let head = 0;
  while (head < before.length && head < after.length && same(before[head]!, after[head]!)) head++;
  let tail = 0;
  const room = Math.min(before.length, after.length) - head;
  while (tail < room && same(before.at(-1 - tail)!, after.at(-1 - tail)!)) tail++;
  const a = before.slice(head, before.length - tail);
  const b = after.slice(head, after.length - tail);
  const middle =
    a.length * b.length > maxPairs ? [{ isSame: false, before: a, after: b }] : common(a, b, same);
  const stretches: Stretch<A, B>[] = [
    { isSame: true, before: before.slice(0, head), after: after.slice(0, head) },
    ...middle,
    { isSame: true, before: before.slice(before.length - tail), after: after.slice(after.length - tail) },
  ];
  return stretches.filter((stretch) => stretch.before.length > 0 || stretch.after.length > 0);
}

function common<A, B>(
  before: readonly A[],
  after: readonly B[],
  same: (a: A, b: B) => boolean,
): Stretch<A, B>[] {
  const width = after.length + 1;
  const lengths = new Uint32Array((before.length + 1) * width);
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      lengths[i * width + j] = same(before[i]!, after[j]!)
        ? lengths[(i + 1) * width + j + 1]! + 1
        : Math.max(lengths[(i + 1) * width + j]!, lengths[i * width + j + 1]!);
    }
  }
  const stretches: { isSame: boolean; before: A[]; after: B[] }[] = [];
  const into = (isSame: boolean): { before: A[]; after: B[] } => {
    if (stretches.at(-1)?.isSame !== isSame) stretches.push({ isSame, before: [], after: [] });
    return stretches.at(-1)!;
  };
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    const isSame = i < before.length && j < after.length && same(before[i]!, after[j]!);
    if (isSame) {
      const stretch = into(true);
      stretch.before.push(before[i++]!);
      stretch.after.push(after[j++]!);
    } else if (
      j >= after.length ||
      (i < before.length && lengths[(i + 1) * width + j]! >= lengths[i * width + j + 1]!)
    ) {
      into(false).before.push(before[i++]!);
    } else into(false).after.push(after[j++]!);
  }
  return stretches;
}

/** The words of a text and what stands between them; an address, a date, a number with its unit is one word. */
export function words(text: string): string[] {
  return text.match(/[\p{L}\p{N}][\p{L}\p{N}_.:+/@=-]*[\p{L}\p{N}=]|[\p{L}\p{N}]|[^\p{L}\p{N}]/gu) ?? [];
}
