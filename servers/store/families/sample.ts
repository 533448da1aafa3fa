/**
 * Some of the items by chance.
 * @param count so many different ones; negative: so many, the same one as often as it comes
 */
export function sample<Item>(items: readonly Item[], count: number): Item[] {
  if (items.length === 0) return [];
  const any = (from: number): number => from + Math.floor(Math.random() * (items.length - from));
  if (count < 0) return Array.from({ length: Math.min(-count, maxSample) }, () => items[any(0)]!);
  if (count >= items.length) return [...items];
  const shuffled = [...items];
  for (let at = 0; at < count; at++) {
    const other = any(at);
    const item = shuffled[other]!;
    shuffled[other] = shuffled[at]!;
    shuffled[at] = item;
  }
  return shuffled.slice(0, count);
}

/** A reply of more items than this would be longer than any that can be sent. */
const maxSample = 10_000_000;
