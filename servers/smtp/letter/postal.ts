import { createRequire } from "node:module";
import type { addressParser, decodeWords as decodeEncodedWords } from "postal-mime";

interface PostalMime {
  readonly addressParser: typeof addressParser;
  readonly decodeWords: typeof decodeEncodedWords;
}

let loaded: PostalMime | undefined;

/**
 * The two pure functions of postal-mime that letters use. Loaded by the first mail that needs one: the package takes
 * about 10 ms to load, which is as long as a whole mail server takes to start.
 */
export function postal(): PostalMime {
  return (loaded ??= createRequire(import.meta.url)("postal-mime") as PostalMime);
}

/** Undo the encoded words of RFC 2047; text without one is given back as it is. */
export function decodeWords(text: string): string {
  return text.includes("=?") ? postal().decodeWords(text) : text;
}
