import { randomFillSync } from "node:crypto";

/** Digits and lower-case letters that cannot be taken for one another; 32 of them, so a byte gives one without bias. */
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
const idLength = 15;
const pool = Buffer.alloc(idLength * 256);
let used = pool.length;

/**
 * A new id of a mail: 75 random bits in 15 characters, safe in a URL and in a file name, one word for a double click.
 * Random bytes are drawn for 256 ids at a time: a draw costs more than a mail's share of the index.
 */
export function newMailId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  let id = "";
  for (const end = used + idLength; used < end; used += 1) id += alphabet.charAt((pool[used] ?? 0) & 31);
  return id;
}
