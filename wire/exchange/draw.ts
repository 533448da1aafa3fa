/**
 * A number from 0 to 1 that depends on nothing but these four. A generator shared by connections would give each
 * what the order of the scheduler leaves to it; so the same seed and the same client meet the same faults, however
 * many connections there are.
 */
export function draw(seed: number, connection: number, rule: number, occurrence: number): number {
  let hash = 0x811c9dc5;
  for (const value of [seed, connection, rule, occurrence]) {
    for (let shift = 0; shift < 32; shift += 8) {
      hash = Math.imul(hash ^ ((value >>> shift) & 255), 0x01000193);
    }
  }
  // FNV-1a mixes its last bytes little; this finish (of MurmurHash3) spreads every bit over all.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 0x1_0000_0000;
}

/** Bytes of which so many are changed, at places that the draw decides. Line ends stay where they are. */
export function garble(
  bytes: string,
  count: number,
  seed: number,
  connection: number,
  occurrence: number,
): string {
  const places = Array.from(bytes, (_, index) => index).filter((index) => !/[\r\n]/.test(bytes[index]!));
  const changed = bytes.split("");
  for (let n = 0; n < count && places.length > 0; n++) {
    const [place] = places.splice(Math.floor(draw(seed, connection, n, occurrence) * places.length), 1);
    const by = 1 + Math.floor(draw(seed, connection, n + 1000, occurrence) * 255);
    changed[place!] = String.fromCharCode(changed[place!]!.charCodeAt(0) ^ by);
  }
  return changed.join("");
}
