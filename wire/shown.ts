import type { Said } from "./connection.ts";

/** How things look in a transcript. */

/** `1,048,576`: what toLocaleString says, without the time it takes. */
export function withCommas(count: number): string {
  if (count < 1_000) return String(count);
  return `${withCommas(Math.floor(count / 1_000))},${String(count % 1_000).padStart(3, "0")}`;
}

/** A reply as text, its lines joined by `\n`. */
export function plainText(said: Said): string {
  const text = typeof said === "string" ? said : Buffer.from(said).toString("latin1");
  const first = text.indexOf("\r\n");
  if (first === -1) return text;
  if (first === text.length - 2) return text.slice(0, first);
  // Joined: a text made by replaceAll holds on to every piece of it.
  return (text.endsWith("\r\n") ? text.slice(0, -2) : text).split("\r\n").join("\n");
}
