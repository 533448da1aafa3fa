/** Bytes of a body, the end not included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** More parts than this are no download that goes on, but work made for the server. */
const maxRanges = 50;

/**
 * The ranges that a Range field asks of a body (RFC 9110 section 14.1.2), in its order.
 * @returns undefined when it is not to be followed (another unit, too many, more than the whole, nothing to take a part
 * of); empty when it is broken, or no byte of it is there, which is answered 416
 */
export function parseRanges(field: string | undefined, byteCount: number): ByteRange[] | undefined {
  const set = /^bytes=(?<set>.*)$/i.exec(field ?? "")?.groups?.["set"];
  if (set === undefined || byteCount === 0) return undefined;
  const specs = set
    .split(",")
    .map((spec) => spec.trim())
    .filter((spec) => spec !== "");
  if (specs.length === 0 || specs.length > maxRanges) return undefined;
  const ranges: ByteRange[] = [];
  for (const spec of specs) {
    const parts = /^(?<first>\d{0,15})-(?<last>\d{0,15})$/.exec(spec)?.groups;
    const first = parts?.["first"] ?? "";
    const last = parts?.["last"] ?? "";
    if (first === "" && last === "") return [];
    if (first !== "" && last !== "" && Number(first) > Number(last)) return [];
    const start = first === "" ? Math.max(0, byteCount - Number(last)) : Number(first);
    const end = first === "" || last === "" ? byteCount : Math.min(byteCount, Number(last) + 1);
    if (start < end) ranges.push({ start, end });
  }
  const asked = ranges.reduce((sum, { start, end }) => sum + end - start, 0);
  return ranges.length > 1 && asked > byteCount ? undefined : ranges;
}
