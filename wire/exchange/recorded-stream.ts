import { byteString, textOf } from "./byte-string.ts";
import { plainPayload } from "./print.ts";
import { type Beside, bytesAsLines } from "./recorded-bytes.ts";
import type { Item, Role } from "./script.ts";

/** What one side said on a stream without messages, until the other side spoke. */
export interface Stretch {
  readonly speaker: Role;
  readonly chunks: Buffer[];
}

/**
 * Whether stretches of a stream are lines: text, each up to the end of a line. Somebody who prompts without one, or
 * sends bytes, is of the dialect `raw`.
 */
export function areLines(stretches: readonly Stretch[]): boolean {
  return stretches.every(({ chunks }) => {
    const bytes = byteString(Buffer.concat(chunks));
    return bytes.endsWith("\n") && textOf(bytes) !== undefined;
  });
}

/** The lines of a stretch in the dialect `line`; one that ends in a bare LF is said as it was. */
export function stretchAsLines({ speaker, chunks }: Stretch): Item[] {
  const lines = byteString(Buffer.concat(chunks)).match(/[^\n]*\n/g) ?? [];
  return lines.map((line): Item => {
    const isUsual = line.endsWith("\r\n");
    return {
      type: "spoken",
      at: { file: "", line: 0 },
      gap: false,
      speaker,
      mark: "",
      kind: isUsual ? "" : "raw",
      payload: plainPayload(isUsual ? line.slice(0, -2) : line),
    };
  });
}

/** A stretch in the dialect `raw`. @param number makes the name of its file */
export function stretchAsBytes({ speaker, chunks }: Stretch, number: number, beside: Beside): Item[] {
  return bytesAsLines({ speaker, name: `stretch${number}`, bytes: Buffer.concat(chunks) }, beside);
}
