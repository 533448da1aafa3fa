/**
 * Undo a Content-Transfer-Encoding (RFC 2045 section 6), byte for byte; never throws. What is not of the encoding is
 * passed over in base64 and kept in quoted-printable; an unknown encoding is none.
 * @param encoding the field's value in lower case
 */
export function decodeTransfer(body: Buffer, encoding: string): Buffer {
  if (encoding === "base64") return Buffer.from(body.toString("latin1"), "base64");
  if (encoding === "quoted-printable") return decodeQuotedPrintable(body);
  if (/^(x-)?uu(e|encode)$/.test(encoding)) return decodeUu(body);
  return body;
}

const newLine = 10;
const carriageReturn = 13;
const equals = 61;

function decodeQuotedPrintable(body: Buffer): Buffer {
  const decoded = Buffer.allocUnsafe(body.length);
  let length = 0;
  let at = 0;
  while (at < body.length) {
    const byte = body[at]!;
    if (byte === equals) {
      const high = hexDigit(body[at + 1]);
      const low = hexDigit(body[at + 2]);
      if (high >= 0 && low >= 0) {
        decoded[length++] = high * 16 + low;
        at += 3;
        continue;
      }
      const next = afterSoftBreak(body, at + 1);
      if (next > 0) {
        at = next;
        continue;
      }
    } else if (byte === 32 || byte === 9) {
      // RFC 2045 section 6.7 (3): white space at the end of a line was added on the way.
      let end = at + 1;
      while (body[end] === 32 || body[end] === 9) end++;
      if (isLineEnd(body, end)) {
        at = end;
        continue;
      }
      length += body.copy(decoded, length, at, end);
      at = end;
      continue;
    }
    decoded[length++] = byte;
    at++;
  }
  return decoded.subarray(0, length);
}

function isLineEnd(body: Buffer, at: number): boolean {
  return (
    at >= body.length || body[at] === newLine || (body[at] === carriageReturn && body[at + 1] === newLine)
  );
}

/** Where the next line starts when only white space stands between `at` and the line's end; 0 otherwise. */
function afterSoftBreak(body: Buffer, start: number): number {
  let at = start;
  while (body[at] === 32 || body[at] === 9) at++;
  if (!isLineEnd(body, at)) return 0;
  return at >= body.length ? at : body[at] === newLine ? at + 1 : at + 2;
}

function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 48 && byte <= 57) return byte - 48;
  const letter = byte | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}

/** The uuencode of POSIX, between its `begin` and `end` lines. */
function decodeUu(body: Buffer): Buffer {
  const decoded = Buffer.allocUnsafe(body.length);
  let length = 0;
  let isInside = false;
  for (const line of body.toString("latin1").split(/\r?\n/)) {
    if (!isInside) isInside = /^begin [0-7]{3,4} /.test(line);
    else if (line === "end") break;
    else length += decodeUuLine(line, decoded, length);
  }
  return decoded.subarray(0, length);
}

/** Gives the number of bytes: as many as the line says and has. */
function decodeUuLine(line: string, decoded: Buffer, start: number): number {
  const six = (at: number): number => ((line.charCodeAt(at) || 32) - 32) & 63;
  const length = Math.min(six(0), Math.floor(((line.length - 1) * 3) / 4));
  for (let at = 0; at < length; at++) {
    // Four characters of six bits are three bytes; byte n of them spans characters n and n + 1.
    const first = 1 + Math.floor(at / 3) * 4 + (at % 3);
    const bits = (six(first) << 6) | six(first + 1);
    decoded[start + at] = bits >> (4 - 2 * (at % 3));
  }
  return Math.max(0, length);
}
