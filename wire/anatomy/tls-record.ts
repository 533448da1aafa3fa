import { FieldList, type Part } from "../anatomy.ts";
import { bytesText, hexOf } from "./text.ts";

const records = "RFC 8446 section 5.1";

/**
 * A TLS record as who stands in between sees it: what kind, how long, and after the hellos nothing else.
 * @returns nothing while it is not all there
 */
export function tlsRecord(bytes: Buffer): Part | undefined {
  if (bytes.length < 5) return undefined;
  const type = bytes.readUInt8(0);
  const length = bytes.readUInt16BE(3);
  if (bytes.length < 5 + length) return undefined;
  const body = bytes.subarray(5, 5 + length);
  const [name, meaning] = types[type] ?? ["unknown", "no type of TLS 1.3"];
  const fields = new FieldList()
    .add("type", 1, String(type), `${name}: ${meaning}`, records)
    .add("version", 2, hexOf(bytes.subarray(1, 3)), "says TLS 1.0 or 1.2 for old boxes on the way", records)
    .add("length", 2, String(length), "bytes that follow", records);
  const handshake = type === 22 && length >= 4 ? handshakes[body[0] ?? -1] : undefined;
  if (handshake) {
    const source = "RFC 8446 section 4";
    fields.add("handshake type", 1, String(body[0]), handshake[1], source);
    fields.add("handshake length", 3, String(body.readUIntBE(1, 3)), "bytes of this message", source);
    fields.add(
      "handshake",
      length - 4,
      hexOf(body.subarray(4)),
      "in the clear: no keys are agreed yet",
      source,
    );
  } else {
    const isSealed = type === 23;
    fields.add(
      isSealed ? "sealed" : "body",
      length,
      hexOf(body),
      isSealed ? "what is inside, its true type, and 16 bytes that prove it" : "in the clear",
      isSealed ? "RFC 8446 section 5.2" : records,
    );
  }
  return {
    title: `${handshake?.[0] ?? name} record, 5 + ${bytesText(length)}`,
    bytes: bytes.subarray(0, 5 + length),
    fields: fields.fields,
  };
}

const types: Readonly<Record<number, readonly [name: string, meaning: string]>> = {
  20: ["change cipher spec", "means nothing in TLS 1.3, and is sent for old boxes on the way"],
  21: ["alert", "something is wrong, or the end"],
  22: ["handshake", "keys are being agreed upon"],
  23: ["sealed", "everything from here on, the rest of the handshake as well"],
};

const handshakes: Readonly<Record<number, readonly [name: string, meaning: string]>> = {
  1: ["ClientHello", "what the client can do, and its share of the key"],
  2: ["ServerHello", "what the server chose, and its share: from here on all is sealed"],
};
