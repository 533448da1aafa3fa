import { promisify } from "node:util";
import { brotliCompress, constants, createBrotliCompress, createGzip, gzip } from "node:zlib";
import type { Transform } from "node:stream";

/** A content coding that we can make. */
export type Encoding = "br" | "gzip";

/** A coding, the ending of files that are in it, and how to make it: of all at once, or as a stream. */
interface Coder {
  readonly encoding: Encoding;
  readonly ending: string;
  all(bytes: Buffer): Promise<Buffer>;
  stream(): Transform;
}

/** Brotli at its own best takes a hundred times as long as gzip, for a tenth less. */
const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };
const gzipAll = promisify(gzip);
const brotliAll = promisify(brotliCompress) as (bytes: Buffer, options: typeof brotli) => Promise<Buffer>;

/** In the order in which they are chosen when a client likes them alike. */
export const coders: readonly Coder[] = [
  {
    encoding: "br",
    ending: ".br",
    all: (bytes) => brotliAll(bytes, brotli),
    stream: () => createBrotliCompress(brotli),
  },
  { encoding: "gzip", ending: ".gz", all: (bytes) => gzipAll(bytes), stream: () => createGzip() },
];

/** The coders that a client takes, the one it likes best first (RFC 9110 section 12.5.3). */
export function acceptedCoders(field: string | undefined): Coder[] {
  if (field === undefined) return [];
  const weights = new Map<string, number>();
  for (const member of field.split(",")) {
    const [name = "", ...parameters] = member.split(";").map((part) => part.trim().toLowerCase());
    const q = parameters
      .map((parameter) => /^q=(?<q>[01](?:\.\d{0,3})?)$/.exec(parameter)?.groups?.["q"])
      .find(Boolean);
    weights.set(name === "x-gzip" ? "gzip" : name, q === undefined ? 1 : Number(q));
  }
  const weightOf = ({ encoding }: Coder): number => weights.get(encoding) ?? weights.get("*") ?? 0;
  return coders.filter((coder) => weightOf(coder) > 0).sort((a, b) => weightOf(b) - weightOf(a));
}
