/** TYPE A: lines end with CRLF on the wire and with LF in the files (RFC 959 section 3.1.1.1). */

const lf = 0x0a;
const cr = 0x0d;

/** A conversion of bytes that come in pieces. */
export interface Conversion {
  convert(bytes: Uint8Array): Uint8Array;
  /** What is left to say at the end. */
  rest(): Uint8Array | undefined;
}

/** From a file to the wire: every bare LF becomes CRLF; a file that has CRLF already keeps it. */
export function toNetworkLines(): Conversion {
  let previous = 0;
  return {
    convert: (bytes) => {
      const converted = Buffer.allocUnsafe(bytes.length * 2);
      let length = 0;
      for (const byte of bytes) {
        if (byte === lf && previous !== cr) converted[length++] = cr;
        converted[length++] = byte;
        previous = byte;
      }
      return converted.subarray(0, length);
    },
    rest: () => undefined,
  };
}

/** From the wire to a file: CRLF becomes LF; a CR that stands alone stays. */
export function fromNetworkLines(): Conversion {
  let hasCr = false;
  return {
    convert: (bytes) => {
      const converted = Buffer.allocUnsafe(bytes.length + 1);
      let length = 0;
      for (const byte of bytes) {
        if (hasCr && byte !== lf) converted[length++] = cr;
        hasCr = byte === cr;
        if (!hasCr) converted[length++] = byte;
      }
      return converted.subarray(0, length);
    },
    rest: () => (hasCr ? Uint8Array.of(cr) : undefined),
  };
}
