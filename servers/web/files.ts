import { randomBytes } from "node:crypto";
import { closeSync } from "node:fs";
import { pipeline, Readable } from "node:stream";
import { acceptedCoders } from "./encodings.ts";
import { isCompressible } from "./content-type.ts";
import { FileCache, type FileFacts } from "./file-cache.ts";
import { FileSlice, OpenFile, piecesOf } from "./file-slice.ts";
import { jailAt, type Opened } from "./jail.ts";
import { encodePath, listingPage } from "./listing.ts";
import type { ResolvedWebOptions } from "./options.ts";
import { isRangeValid, precondition } from "./preconditions.ts";
import { type ByteRange, parseRanges } from "./ranges.ts";
import { type Answer, bytesBody, textAnswer } from "./reply.ts";
import type { WebRequest } from "./request.ts";
import { statusText } from "./status.ts";

/** Smaller files do not gain by being packed. */
const minPackedBytes = 1_024;
const varied = ["vary", "accept-encoding"];
const noAnswer = { kind: "parts", parts: [], byteCount: 0 } as const;

/** A file as it will be sent: its facts, where its bytes are, and the coding they are in. */
interface Found {
  readonly facts: FileFacts;
  readonly file: OpenFile | undefined;
  readonly fields: readonly string[];
}

/** The files of a folder, as answers to GET and HEAD. */
export class Files {
  readonly #cache: FileCache;
  readonly #options: ResolvedWebOptions;
  readonly #jail;

  /** @throws TypeError when the root is no folder */
  constructor(root: string, options: ResolvedWebOptions) {
    this.#jail = jailAt(root);
    this.#cache = new FileCache(this.#jail);
    this.#options = options;
  }

  /** A small file that was looked at a moment ago, for a request without conditions. */
  fresh(path: string): FileFacts | undefined {
    return this.#cache.fresh(path);
  }

  /** All of a file, for whoever asks without conditions and takes no coding. */
  wholeAnswer(facts: FileFacts): Answer {
    const vary = this.#options.compression && isCompressible(facts.type) ? varied : [];
    return {
      status: 200,
      fields: ["content-type", facts.type, ...facts.fields, ...vary, "accept-ranges", "bytes"],
      body: bytesBody(facts.content ?? Buffer.alloc(0)),
    };
  }

  /** Answer a request. @returns undefined when there is no such file */
  answer(request: WebRequest): Answer | Promise<Answer> | undefined {
    const { path } = request;
    const found = this.#cache.look(path.endsWith("/") && path !== "/" ? path.slice(0, -1) : path);
    if (!found) return undefined;
    if ("folder" in found) return this.#folder(request, found.folder);
    const file = found.opened ? new OpenFile(found.opened.descriptor) : undefined;
    if (path.endsWith("/")) {
      file?.[Symbol.dispose]();
      return undefined;
    }
    return this.#file(request, path, { facts: found.facts, file, fields: [] });
  }

  #folder(request: WebRequest, folder: Opened): Answer | Promise<Answer> | undefined {
    const { path } = request;
    try {
      if (!path.endsWith("/")) {
        const mark = request.target.indexOf("?");
        const query = mark === -1 ? "" : request.target.slice(mark);
        const location = `${encodePath(path)}/${query}`;
        return textAnswer(301, `${statusText(301)}: ${location}\n`, ["location", location]);
      }
      const index = path + this.#options.index;
      const found = this.#cache.look(index);
      if (found && "facts" in found) {
        const file = found.opened ? new OpenFile(found.opened.descriptor) : undefined;
        return this.#file(request, index, { facts: found.facts, file, fields: [] });
      }
      if (found) closeSync(found.folder.descriptor);
      if (!this.#options.listing) return undefined;
      const page = listingPage(path, this.#jail.hostPath(folder, path));
      return {
        status: 200,
        fields: ["content-type", "text/html; charset=utf-8"],
        body: bytesBody(Buffer.from(page)),
      };
    } finally {
      closeSync(folder.descriptor);
    }
  }

  #file(request: WebRequest, path: string, plain: Found): Answer | Promise<Answer> {
    const { fields } = request;
    if (!this.#options.compression || !isCompressible(plain.facts.type)) return rangedAnswer(request, plain);
    const vary = varied;
    const accepted = acceptedCoders(fields.get("accept-encoding"));
    for (const { encoding, ending } of accepted) {
      const packed = this.#cache.look(path + ending);
      if (packed && "folder" in packed) closeSync(packed.folder.descriptor);
      if (!packed || "folder" in packed) continue;
      plain.file?.[Symbol.dispose]();
      return rangedAnswer(request, {
        facts: { ...packed.facts, type: plain.facts.type },
        file: packed.opened ? new OpenFile(packed.opened.descriptor) : undefined,
        fields: ["content-encoding", encoding, ...vary],
      });
    }
    const [coder] = accepted;
    // A range is of the bytes as they are kept; ranges of something packed anew each time would not fit together.
    if (!coder || plain.facts.byteCount < minPackedBytes || fields.has("range")) {
      return rangedAnswer(request, { ...plain, fields: vary });
    }
    return packedAnswer(request, plain, coder, vary);
  }
}

/** The whole, a range, several, 304, 412 or 416. */
function rangedAnswer(request: WebRequest, { facts, file, fields }: Found): Answer {
  const shared = [...facts.fields, ...fields];
  const refused = precondition(request.fields, facts);
  const isHead = request.method === "HEAD";
  const isBare = refused !== undefined || isHead;
  if (isBare) file?.[Symbol.dispose]();
  if (refused === 304) return { status: 304, fields: shared, body: noAnswer };
  if (refused === 412) return textAnswer(412, `${statusText(412)}\n`);
  const slice = ({ start, end }: ByteRange): Uint8Array | FileSlice =>
    file ? new FileSlice(file, start, end) : facts.content!.subarray(start, end);
  const described = [...shared, "accept-ranges", "bytes"];
  const range = isHead ? undefined : request.fields.get("range");
  const ranges =
    range !== undefined && isRangeValid(request.fields, facts)
      ? parseRanges(range, facts.byteCount)
      : undefined;
  if (ranges === undefined) {
    const whole = { start: 0, end: facts.byteCount };
    return {
      status: 200,
      fields: ["content-type", facts.type, ...described],
      body: isBare ? noAnswer : { kind: "parts", parts: [slice(whole)], byteCount: facts.byteCount },
      ...(isBare ? { statedLength: String(facts.byteCount) } : {}),
    };
  }
  if (ranges.length === 0) {
    file?.[Symbol.dispose]();
    return textAnswer(416, `${statusText(416)}\n`, ["content-range", `bytes */${facts.byteCount}`]);
  }
  if (ranges.length > 1)
    return multipart(
      ranges.map((one) => [one, slice(one)] as const),
      facts,
      described,
    );
  const [one] = ranges as [ByteRange];
  return {
    status: 206,
    fields: ["content-type", facts.type, "content-range", contentRange(one, facts), ...described],
    body: { kind: "parts", parts: [slice(one)], byteCount: one.end - one.start },
  };
}

/** RFC 9110 section 14.6: each range as a part with a head of its own. */
function multipart(
  ranges: readonly (readonly [ByteRange, Uint8Array | FileSlice])[],
  facts: FileFacts,
  fields: readonly string[],
): Answer {
  const boundary = randomBytes(12).toString("hex");
  const parts: (Uint8Array | FileSlice)[] = [];
  for (const [range, bytes] of ranges) {
    const head = `content-type: ${facts.type}\r\ncontent-range: ${contentRange(range, facts)}\r\n`;
    parts.push(Buffer.from(`\r\n--${boundary}\r\n${head}\r\n`), bytes);
  }
  parts.push(Buffer.from(`\r\n--${boundary}--\r\n`));
  const byteCount = parts.reduce(
    (sum, part) => sum + (part instanceof FileSlice ? part.byteCount : part.length),
    0,
  );
  return {
    status: 206,
    fields: ["content-type", `multipart/byteranges; boundary=${boundary}`, ...fields],
    body: { kind: "parts", parts, byteCount },
  };
}

/** A file that is packed on the way: a small one whole and once, a large one as it leaves. */
async function packedAnswer(
  request: WebRequest,
  { facts, file }: Found,
  coder: ReturnType<typeof acceptedCoders>[number],
  vary: readonly string[],
): Promise<Answer> {
  // Packed anew it may have other bytes, so it is only as good as the same (RFC 9110 section 8.8.1).
  const etag = `W/${facts.etag}`;
  const fields = ["last-modified", facts.fields[1]!, "etag", etag, ...vary];
  const refused = precondition(request.fields, { etag, modifiedMs: facts.modifiedMs });
  if (refused !== undefined) {
    file?.[Symbol.dispose]();
    return refused === 304
      ? { status: 304, fields, body: noAnswer }
      : textAnswer(412, `${statusText(412)}\n`);
  }
  const described = ["content-type", facts.type, "content-encoding", coder.encoding, ...fields];
  if (!file) {
    const kept = facts.made.get(coder.encoding) as Promise<Buffer> | undefined;
    const packing = kept ?? coder.all(facts.content!);
    if (!kept) facts.made.set(coder.encoding, packing);
    return { status: 200, fields: described, body: bytesBody(await packing) };
  }
  if (request.method === "HEAD") {
    file[Symbol.dispose]();
    return {
      status: 200,
      fields: described,
      body: { kind: "stream", pieces: nothing(), byteCount: undefined },
    };
  }
  return {
    status: 200,
    fields: described,
    body: { kind: "stream", pieces: packed(file, facts.byteCount, coder), byteCount: undefined },
  };
}

async function* packed(
  file: OpenFile,
  byteCount: number,
  coder: ReturnType<typeof acceptedCoders>[number],
): AsyncIterableIterator<Buffer> {
  using _ = file;
  // A packer may look at a piece later, when its buffer holds the next: it gets copies.
  const copies = async function* (): AsyncIterableIterator<Buffer> {
    for await (const piece of piecesOf(new FileSlice(file, 0, byteCount))) yield Buffer.from(piece);
  };
  const packer = coder.stream();
  pipeline(Readable.from(copies()), packer, () => {});
  yield* packer as AsyncIterable<Buffer>;
}

// oxlint-disable-next-line require-yield -- a stream that is never read, because HEAD has no body
async function* nothing(): AsyncIterableIterator<Buffer> {}

function contentRange({ start, end }: ByteRange, { byteCount }: FileFacts): string {
  return `bytes ${start}-${end - 1}/${byteCount}`;
}
