import type { Context } from "hono";
import type { ByteRange, FileEntry, FileReader, FileSystem } from "../../ftp/file-system.ts";
import { nameOf } from "../../ftp/paths.ts";
import { Refusal } from "../refusal.ts";
import type { Route } from "../route.ts";
import { askedPath, fileFace, filed, pathQuery } from "./path.ts";
import { contentType, fileRefusals, flag, isYes } from "./shapes.ts";

/** The bytes of a file. */
export const fileContentRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/v1/files/content",
    summary: "The bytes of a file, as they are read; one Range of them when asked (RFC 9110 section 14)",
    query: { ...pathQuery, dl: flag("Save pictures as well, rather than show them") },
    answers: {
      200: { description: "The file", type: "application/octet-stream" },
      206: { description: "Part of the file", type: "application/octet-stream" },
      ...fileRefusals,
      416: { description: "The file is not that long" },
    },
    answer: async (context, services) => {
      const path = askedPath(context);
      const { fileSystem } = fileFace(services).files;
      const entry = await filed(path, () => fileSystem.stat(path));
      if (entry.type === "folder") throw new Refusal(409, `a folder has no content: ${path}`);
      return fileResponse(context, fileSystem, path, entry);
    },
  },
];

/** What a browser shows without running anything of it. */
const plainPictures = /^image\/(?:png|jpeg|gif|webp|avif|bmp|x-icon)$/;

async function fileResponse(
  context: Context,
  files: FileSystem,
  path: string,
  entry: FileEntry,
): Promise<Response> {
  const name = nameOf(path);
  const type = contentType(name);
  const isShown = plainPictures.test(type) && !isYes(context.req.query("dl"));
  const headers: Record<string, string> = {
    "Content-Type": type,
    "Content-Disposition": `${isShown ? "inline" : "attachment"}; filename*=UTF-8''${encodeName(name)}`,
    // Whoever uploaded it chose name and bytes: nothing of it runs on our origin, also when it is opened in a tab.
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Accept-Ranges": "bytes",
    "Last-Modified": new Date(entry.modifiedMs).toUTCString(),
  };
  const range = rangeOf(context.req.header("range"), entry.size);
  if (range === "beyond") {
    return context.text(`the file has ${entry.size} bytes`, 416, {
      "Content-Range": `bytes */${entry.size}`,
    });
  }
  if (range) headers["Content-Range"] = `bytes ${range.start}-${range.end - 1}/${entry.size}`;
  const status = range ? 206 : 200;
  const { start, end } = range ?? { start: 0, end: entry.size };
  headers["Content-Length"] = String(end - start);
  // HEAD wants the length and no bytes: a file that nobody reads must not be opened.
  if (context.req.method === "HEAD") return context.body(null, status, headers);
  const reader = await filed(path, () => files.read(path, { start, end }));
  return context.body(streamOf(reader, end - start), status, headers);
}

/** RFC 8187 section 3.2.1: what may stand in `filename*` unencoded; `encodeURIComponent` leaves more. */
const encodeName = (name: string): string =>
  encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** The part asked for; nothing for several parts or another unit, which may be answered in full. */
function rangeOf(header: string | undefined, size: number): Required<ByteRange> | "beyond" | undefined {
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? "") ?? [];
  if (first === "" && last === "") return undefined;
  const start = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === "" || last === "" ? size : Math.min(size, Number(last) + 1);
  if (first !== "" && last !== "" && Number(last) < Number(first)) return undefined;
  return start >= size || start >= end ? "beyond" : { start, end };
}

/** A reader as a stream that reads no faster than it is read, and never more than was promised. */
function streamOf(reader: FileReader, length: number): ReadableStream<Uint8Array<ArrayBuffer>> {
  let left = length;
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        try {
          const bytes = left > 0 ? await reader.next() : undefined;
          if (bytes === undefined) {
            await reader.close();
            // The file shrank meanwhile: better a broken answer than one that looks whole.
            if (left > 0) controller.error(new Error("the file became shorter while it was read"));
            else controller.close();
            return;
          }
          // The reader may use its buffer again before this one is on the wire.
          const piece = Uint8Array.from(bytes.subarray(0, left));
          left -= piece.byteLength;
          controller.enqueue(piece);
        } catch (error) {
          await reader.close();
          controller.error(error);
        }
      },
      cancel: () => reader.close(),
    },
    { highWaterMark: 0 },
  );
}
