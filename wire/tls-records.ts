/** Before what is in a record: its type, its version, and how long that is. */
const headerBytes = 5;

/**
 * Follows the records of TLS through a stream of bytes (RFC 8446 section 5.1), whatever is in them, to tell where
 * something else begins.
 */
export class TlsRecords {
  /** So much of a header is there. */
  #headerBytes = 0;
  /** What it says of the length, as far as it is there. */
  #length = 0;
  /** So much of the record is still to come. */
  #missingBytes = 0;

  /** @returns how many of these bytes belong to records: all, or those before the first that begins none */
  follow(bytes: Uint8Array): number {
    let at = 0;
    while (at < bytes.length) {
      if (this.#missingBytes > 0) {
        const taken = Math.min(this.#missingBytes, bytes.length - at);
        this.#missingBytes -= taken;
        at += taken;
      } else {
        const byte = bytes[at] ?? 0;
        if (this.#headerBytes === 0 && !isType(byte)) return at;
        this.#takeOfHeader(byte);
        at += 1;
      }
    }
    return at;
  }

  #takeOfHeader(byte: number): void {
    // The two bytes of the version are pushed out of the length by those behind them.
    this.#length = ((this.#length << 8) | byte) & 0xffff;
    this.#headerBytes += 1;
    if (this.#headerBytes < headerBytes) return;
    this.#missingBytes = this.#length;
    this.#headerBytes = 0;
  }
}

/** change_cipher_spec, alert, handshake, application_data: control characters that no text protocol begins with. */
function isType(byte: number): boolean {
  return byte >= 20 && byte <= 23;
}
