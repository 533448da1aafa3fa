/**
 * Answers that are wrong on purpose, each in one known way and right in all others. Every one is a script, so what
 * leaves can be read in `acts`.
 */
import { chunkOf, lastChunk } from "../../wire/http-chunks.ts";
import { type Act, type Script, script } from "./script.ts";
import { statusLine } from "./status.ts";

/** The response that would be right: its text or bytes, or more of it. */
export type Right =
  | string
  | Uint8Array
  | {
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string | Uint8Array;
    };

/** These bytes, whatever they are; then the connection ends, unless it `goesOn`. */
function exactly(bytes: string | Uint8Array, { goesOn = false } = {}): Script {
  return script(goesOn ? [{ say: bytes }] : [{ say: bytes }, { do: "end" }], "exact bytes");
}

/** The head says how long the body is; the connection ends after `atBytes` of it. */
function truncated(right: Right, { atBytes }: { readonly atBytes: number }): Script {
  const { head, body } = parts(right);
  return script(
    [
      { say: Buffer.concat([head({ "content-length": body.length }), body.subarray(0, atBytes)]) },
      { do: "end" },
    ],
    "truncated body",
  );
}

/** The same with a reset (RST) in place of the end: ECONNRESET for the client, which may never see what came before. */
function resetInBody(
  right: Right,
  { atBytes, afterMs = 20 }: { readonly atBytes: number; readonly afterMs?: number },
): Script {
  const { head, body } = parts(right);
  const sent = Buffer.concat([head({ "content-length": body.length }), body.subarray(0, atBytes)]);
  // A reset throws away what the client has not read: it is given a moment to.
  return script([{ say: sent }, { waitMs: afterMs }, { do: "reset" }], "reset in mid-body");
}

/** Content-Length says `says`; the body is what it is. The connection stays open: the client is left to find out. */
function length(right: Right, { says }: { readonly says: number | string }): Script {
  const { head, body } = parts(right);
  return script([{ say: Buffer.concat([head({ "content-length": says }), body]) }], "wrong length");
}

/** The head comes in pieces of `pieceBytes`, one each `everyMs`; then the body. */
function slowHead(
  right: Right,
  { everyMs, pieceBytes = 1 }: { readonly everyMs: number; readonly pieceBytes?: number },
): Script {
  const { head, body } = parts(right);
  return script(
    [...trickle(head({ "content-length": body.length }), pieceBytes, everyMs), { say: body }],
    "slow head",
  );
}

/** The head comes at once, the body in pieces of `pieceBytes`, one each `everyMs`. */
function slowBody(
  right: Right,
  { everyMs, pieceBytes = 1 }: { readonly everyMs: number; readonly pieceBytes?: number },
): Script {
  const { head, body } = parts(right);
  return script(
    [{ say: head({ "content-length": body.length }) }, ...trickle(body, pieceBytes, everyMs)],
    "slow body",
  );
}

/**
 * A right body in chunks, but cut for the wire where it hurts: in the middle of size lines and line ends, `pieceBytes`
 * in each packet.
 */
function splitChunks(
  right: Right,
  {
    chunkBytes = 3,
    pieceBytes = 1,
    everyMs = 1,
  }: { readonly chunkBytes?: number; readonly pieceBytes?: number; readonly everyMs?: number } = {},
): Script {
  const { head, body } = parts(right);
  const chunks = pieces(body, chunkBytes).map(chunkOf);
  const coded = Buffer.concat([...chunks, Buffer.from(lastChunk)]);
  return script(
    [{ say: head({ "transfer-encoding": "chunked" }) }, ...trickle(coded, pieceBytes, everyMs)],
    "split chunks",
  );
}

/** One good chunk, then one whose size is no number: `size` in its place. */
function badChunk(right: Right, { size = "zz" }: { readonly size?: string } = {}): Script {
  const { head, body } = parts(right);
  const bytes = Buffer.concat([
    head({ "transfer-encoding": "chunked" }),
    chunkOf(body),
    Buffer.from(`${size}\r\n`),
  ]);
  return script([{ say: bytes }, { do: "end" }], "bad chunk");
}

/** A body in chunks that ends without its last chunk. */
function unfinishedChunks(right: Right): Script {
  const { head, body } = parts(right);
  return script(
    [{ say: Buffer.concat([head({ "transfer-encoding": "chunked" }), chunkOf(body)]) }, { do: "end" }],
    "unfinished chunks",
  );
}

/** These fields beside those that are right: `[["content-length", "7"], ["content-length", "8"]]`. */
function fields(right: Right, more: readonly (readonly [name: string, value: string])[]): Script {
  const { head, body } = parts(right);
  return script(
    [{ say: Buffer.concat([head({ "content-length": body.length }, more), body]) }],
    "duplicate fields",
  );
}

/** `count` interim responses (1xx) before the right one. */
function interim(
  right: Right,
  { count, status = 103 }: { readonly count: number; readonly status?: number },
): Script {
  const { head, body } = parts(right);
  const one = Buffer.from(`${statusLine(status)}\r\n`);
  const storm: Act[] = Array.from({ length: Math.ceil(count / stormBurst) }, (_, burst) => ({
    say: Buffer.concat(Array<Buffer>(Math.min(stormBurst, count - burst * stormBurst)).fill(one)),
  }));
  return script(
    [...storm, { say: Buffer.concat([head({ "content-length": body.length }), body]) }],
    "1xx storm",
  );
}

/** Not a byte, until the client goes. */
function silence(): Script {
  return script([{ do: "be silent" }], "never answers");
}

/** The connection ends (`end`) or is reset (`reset`) in place of an answer. */
function hangUp(how: "end" | "reset" = "end"): Script {
  return script([{ do: how }], "hangs up");
}

/** Every way to be wrong, by name: `routes: { "GET /": () => wrong.truncated("hello", { atBytes: 2 }) }`. */
export const wrong = {
  exactly,
  truncated,
  resetInBody,
  length,
  slowHead,
  slowBody,
  splitChunks,
  badChunk,
  unfinishedChunks,
  fields,
  interim,
  silence,
  hangUp,
} as const;

const stormBurst = 1_000;

function parts(right: Right): {
  body: Buffer;
  head: (
    framing: Readonly<Record<string, string | number>>,
    more?: readonly (readonly [name: string, value: string])[],
  ) => Buffer;
} {
  const isBare = typeof right === "string" || right instanceof Uint8Array;
  const { status = 200, headers = {}, body = "" } = isBare ? { body: right } : right;
  const type = "content-type" in headers ? {} : { "content-type": "text/plain; charset=utf-8" };
  return {
    body: Buffer.from(body),
    head: (framing, more = []) => {
      const all = [...Object.entries({ ...type, ...headers, ...framing }), ...more];
      return Buffer.from(
        `${statusLine(status)}${all.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`,
        "latin1",
      );
    },
  };
}

function pieces(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
}

function trickle(bytes: Buffer, size: number, everyMs: number): Act[] {
  return pieces(bytes, size).flatMap((piece): Act[] => [{ waitMs: everyMs }, { say: piece }]);
}
