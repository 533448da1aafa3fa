import type { Explained } from "../explain.ts";

/** The exchanges as JSON says them: bytes in hexadecimal. */
export function explainedJson(explained: readonly Explained[]): unknown {
  return explained.map(({ parts, ...one }) => ({
    ...one,
    parts: parts.map(({ part, ...heard }) => ({
      ...heard,
      title: part.title,
      bytes: part.bytes.toString("hex"),
      fields: part.fields,
    })),
  }));
}
