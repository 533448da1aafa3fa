import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DotDecoder, encodeDots } from "../../wire/dots.ts";

/** Feed the pieces until the end is seen; gives the content, and how many bytes of the whole were the message's. */
function decode(pieces: readonly Buffer[]): { content: Buffer; taken: number; decoder: DotDecoder } {
  const decoder = new DotDecoder();
  const given: Buffer[] = [];
  let taken = 0;
  for (const piece of pieces) {
    if (decoder.isComplete) break;
    taken += decoder.decode(piece, { write: (content) => void given.push(Buffer.from(content)) });
  }
  return { content: Buffer.concat(given), taken, decoder };
}

/** The same by the letter of RFC 5321, a byte at a time and slow. */
function decodeNaively(bytes: Buffer): { content: Buffer; taken: number } | undefined {
  const text = `\r\n${bytes.toString("latin1")}`;
  const end = text.indexOf("\r\n.\r\n");
  if (end === -1) return undefined;
  const content = text
    .slice(0, end + 2)
    .replaceAll("\r\n.", "\r\n")
    .slice(2);
  return { content: Buffer.from(content, "latin1"), taken: end + 3 };
}

const nasty = fc
  .array(fc.constantFrom("\r", "\n", ".", "\r\n", "\r\n.", "a", "\0", ".."))
  .map((all) => Buffer.from(all.join("")));

function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const at = [...new Set(places.map((place) => place % (bytes.length + 1)))].toSorted((a, b) => a - b);
  return [0, ...at].map((from, index) => bytes.subarray(from, at[index] ?? bytes.length));
}

describe("DotDecoder", () => {
  test("gives back what encodeDots() was given, cut anywhere", () => {
    fc.assert(
      fc.property(nasty, fc.array(fc.nat()), (message, places) => {
        const { content, decoder, taken } = decode(cut(encodeDots(message), places));
        const hasEnd = message.length === 0 || message.toString("latin1").endsWith("\r\n");
        expect(content.toString("latin1")).toBe(message.toString("latin1") + (hasEnd ? "" : "\r\n"));
        expect(decoder.isComplete).toBe(true);
        expect(decoder.hasUnstuffedDot).toBe(false);
        expect(taken).toBe(encodeDots(message).length);
      }),
    );
  });

  test("finds the end at the same byte as a naive reader, whatever the bytes and the cuts", () => {
    fc.assert(
      fc.property(nasty, fc.array(fc.nat()), (bytes, places) => {
        const expected = decodeNaively(bytes);
        const { content, decoder, taken } = decode(cut(bytes, places));
        expect(decoder.isComplete).toBe(expected !== undefined);
        if (!expected) return;
        expect(content.toString("latin1")).toBe(expected.content.toString("latin1"));
        expect(taken).toBe(expected.taken);
      }),
      { numRuns: 2_000 },
    );
  });

  test.for(["\n.\n", "\r.\r", "\n.\r\n", "\r\n.\n", "\r\n.\r", "\r\n.\0\r\n", "\r\n\0.\r\n"])(
    "does not end at %j",
    (almost) => {
      const bytes = Buffer.from(`a${almost}b`);
      for (let place = 0; place <= bytes.length; place++)
        expect(decode(cut(bytes, [place])).decoder.isComplete).toBe(false);
    },
  );

  test("deletes the dot of a line that began with one undoubled, and tells", () => {
    const { content, decoder } = decode([Buffer.from(".a\r\n.b\r\n.\r\n")]);
    expect(content.toString()).toBe("a\r\nb\r\n");
    expect(decoder.hasUnstuffedDot).toBe(true);
  });

  test("keeps no more than the input of a megabyte of dots", () => {
    const bytes = Buffer.from("..\r\n".repeat(250_000));
    let given = 0;
    let pieces = 0;
    new DotDecoder().decode(bytes, {
      write(content) {
        given += content.length;
        pieces++;
      },
    });
    expect(given).toBe(750_000);
    expect(pieces).toBe(1);
  });
});
