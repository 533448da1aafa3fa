import { isIPv6 } from "node:net";
import { decodeName } from "./dns-name.ts";
import type { NameWriter } from "./dns-name.ts";

/**
 * The data of a record as text in the form of a zone file (RFC 1035 section 5.1, and each type's own RFC). What does
 * not have the form of its type is told in the form of RFC 3597, so that nothing is lost.
 * @throws {RangeError} when a name in it leads out of the message
 */
export function decodeRecordData(type: string, bytes: Uint8Array, at: number, length: number): string {
  const end = at + length;
  const own = bytes.subarray(at, end);
  const uint16 = (offset: number): number => (own[offset]! << 8) | own[offset + 1]!;
  const nameAt = (offset: number): string | undefined => {
    const found = decodeName(bytes, at + offset);
    return found.end === end ? found.name : undefined;
  };
  let text: string | undefined;
  switch (type) {
    case "A":
      if (length === 4) text = own.join(".");
      break;
    case "AAAA":
      if (length === 16) text = printIp6(own);
      break;
    case "NS":
    case "CNAME":
    case "PTR":
    case "DNAME":
      text = nameAt(0);
      break;
    case "MX":
      if (length >= 3) text = join([uint16(0), nameAt(2)]);
      break;
    case "SRV":
      if (length >= 7) text = join([uint16(0), uint16(2), uint16(4), nameAt(6)]);
      break;
    case "TXT":
    case "HINFO":
      text = printStrings(own);
      break;
    case "CAA":
      if (length > 2 && own[1]! + 2 <= length) {
        const tag = Buffer.from(own.subarray(2, own[1]! + 2)).toString("latin1");
        if (/^[a-z0-9]+$/i.test(tag)) text = `${own[0]} ${tag} ${printString(own.subarray(own[1]! + 2))}`;
      }
      break;
    case "SOA": {
      const primary = decodeName(bytes, at);
      const mail = decodeName(bytes, primary.end);
      if (mail.end + 20 !== end) break;
      const view = new DataView(bytes.buffer, bytes.byteOffset + mail.end, 20);
      const numbers = [0, 4, 8, 12, 16].map((offset) => view.getUint32(offset));
      text = [primary.name, mail.name, ...numbers].join(" ");
      break;
    }
    default:
      break;
  }
  return text ?? `\\# ${length}${length === 0 ? "" : ` ${Buffer.from(own).toString("hex")}`}`;
}

function join(fields: readonly (string | number | undefined)[]): string | undefined {
  return fields.includes(undefined) ? undefined : fields.join(" ");
}

function printIp6(bytes: Uint8Array): string {
  const groups = Array.from({ length: 8 }, (_, n) => (bytes[2 * n]! << 8) | bytes[2 * n + 1]!);
  // RFC 5952 section 4.2: the longest run of two or more zero groups, the first of several
  const runs = groups.map((_, from) => {
    let length = 0;
    while (groups[from + length] === 0) length++;
    return length;
  });
  const longest = Math.max(...runs);
  const hex = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(":");
  if (longest < 2) return hex(groups);
  const from = runs.indexOf(longest);
  return `${hex(groups.slice(0, from))}::${hex(groups.slice(from + longest))}`;
}

function printStrings(bytes: Uint8Array): string | undefined {
  const strings: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const size = bytes[at]!;
    if (at + 1 + size > bytes.length) return undefined;
    strings.push(printString(bytes.subarray(at + 1, at + 1 + size)));
    at += size + 1;
  }
  return strings.length === 0 ? undefined : strings.join(" ");
}

function printString(bytes: Uint8Array): string {
  const text = Array.from(bytes, (byte) => {
    if (byte === 0x22 || byte === 0x5c) return `\\${String.fromCharCode(byte)}`;
    return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\${String(byte).padStart(3, "0")}`;
  });
  return `"${text.join("")}"`;
}

/** Writes the data of a record from its text. @throws {TypeError} when the text has not the form of the type */
export function encodeRecordData(type: string, data: string, writer: NameWriter): void {
  const wrong = (): TypeError => new TypeError(`'${data.slice(0, 80)}' is not the data of a ${type} record`);
  const generic = /^\\# (\d+)(?: ([0-9a-fA-F ]*))?$/.exec(data);
  if (generic) {
    const bytes = Buffer.from((generic[2] ?? "").replaceAll(" ", ""), "hex");
    if (bytes.length !== Number(generic[1])) throw wrong();
    writer.raw(bytes);
    return;
  }
  const words = data.match(/"(?:[^"\\]|\\[^])*"|\S+/g) ?? [];
  const number = (index: number, most = 65_535): number => {
    const value = Number(words[index]);
    if (!/^\d+$/.test(words[index] ?? "") || value > most) throw wrong();
    return value;
  };
  const expect = (count: number): void => {
    if (words.length !== count) throw wrong();
  };
  switch (type) {
    case "A":
      if (!/^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/.test(data)) throw wrong();
      writer.raw(data.split(".").map(Number));
      return;
    case "AAAA":
      if (!isIPv6(data) || data.includes("%")) throw wrong();
      writer.raw(parseIp6(data));
      return;
    case "NS":
    case "CNAME":
    case "PTR":
      expect(1);
      writer.name(words[0]!);
      return;
    case "DNAME":
      expect(1);
      writer.name(words[0]!, false);
      return;
    case "MX":
      expect(2);
      writer.uint16(number(0));
      writer.name(words[1]!);
      return;
    case "SRV":
      expect(4);
      for (const index of [0, 1, 2]) writer.uint16(number(index));
      // RFC 2782: the target is not compressed
      writer.name(words[3]!, false);
      return;
    case "SOA":
      expect(7);
      writer.name(words[0]!);
      writer.name(words[1]!);
      for (const index of [2, 3, 4, 5, 6]) writer.uint32(number(index, 0xffff_ffff));
      return;
    case "CAA":
      expect(3);
      writer.raw([
        number(0, 255),
        words[1]!.length,
        ...Buffer.from(words[1]!, "latin1"),
        ...string(words[2]!),
      ]);
      return;
    case "TXT":
    case "HINFO":
      for (const word of words) {
        const bytes = string(word);
        if (bytes.length > 255) throw wrong();
        writer.raw([bytes.length, ...bytes]);
      }
      return;
    default:
      throw new TypeError(`the data of a ${type} record is written \\# LENGTH HEX (RFC 3597)`);
  }
}

function string(word: string): number[] {
  const inner = word.startsWith('"') ? word.slice(1, -1) : word;
  return (inner.match(/\\\d{3}|\\[^]|[^]/g) ?? []).map((piece) =>
    /^\\\d{3}$/.test(piece) ? Number(piece.slice(1)) & 255 : piece.charCodeAt(piece.length - 1) & 255,
  );
}

function parseIp6(text: string): number[] {
  const dotted = /(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text);
  const plain = dotted
    ? text.slice(0, dotted.index) +
      [dotted.slice(1, 3), dotted.slice(3)]
        .map(([high, low]) => ((Number(high) << 8) | Number(low)).toString(16))
        .join(":")
    : text;
  const [before = "", after] = plain.split("::");
  const groups = (half: string): string[] => (half === "" ? [] : half.split(":"));
  const head = groups(before);
  const tail = groups(after ?? "");
  const zeros = Array.from({ length: after === undefined ? 0 : 8 - head.length - tail.length }, () => "0");
  return [...head, ...zeros, ...tail].flatMap((group) => {
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 255];
  });
}
