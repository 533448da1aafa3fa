import { WireError } from "../../wire/errors.ts";
import { ChunkReader } from "../../wire/http-chunks.ts";
import type { BodyLength } from "../../wire/http-head.ts";
import type { WebRequest } from "./request.ts";

/** The body that a connection is reading: so many bytes more, or in chunks. */
export class IncomingBody {
  readonly request: WebRequest;
  readonly #chunks: ChunkReader | undefined;
  readonly #maxBytes: number;
  #left: number;

  constructor(request: WebRequest, length: BodyLength, maxBytes: number) {
    this.request = request;
    this.#chunks = length === "chunked" ? new ChunkReader() : undefined;
    this.#left = typeof length === "number" ? length : 0;
    this.#maxBytes = maxBytes;
  }

  /**
   * Take bytes.
   * @returns what stands behind the body; undefined while it is not complete
   * @throws HttpViolation for chunks that are none; WireError MESSAGE_TOO_LARGE
   */
  read(bytes: Buffer): Buffer | undefined {
    const { body } = this.request;
    if (!this.#chunks) {
      const piece = bytes.length > this.#left ? bytes.subarray(0, this.#left) : bytes;
      if (piece.length > 0) body.add(piece);
      this.#left -= piece.length;
      return this.#left > 0 ? undefined : bytes.subarray(piece.length);
    }
    const end = this.#chunks.read(bytes, 0, (piece) => body.add(piece));
    if (body.byteCount > this.#maxBytes) {
      throw new WireError("MESSAGE_TOO_LARGE", `the body is over ${this.#maxBytes} bytes`);
    }
    if (!this.#chunks.isDone) return undefined;
    body.trailers = this.#chunks.trailers;
    return bytes.subarray(end);
  }
}
