/**
 * DNS messages (RFC 1035 section 4) for both ends: decoded from bytes of strangers with every bound checked, encoded
 * with name compression. Pure. The data of a record is text in the form of a zone file; a type without a form of its
 * own is in the form of RFC 3597 (`\# 4 c0000207`).
 */
import { decodeName, NameWriter } from "./dns-name.ts";
import { decodeRecordData, encodeRecordData } from "./dns-record.ts";

/** The header's flags that are single bits. */
export const dnsFlags = ["qr", "aa", "tc", "rd", "ra", "ad", "cd"] as const;
export type DnsFlag = (typeof dnsFlags)[number];

export interface DnsQuestion {
  readonly name: string;
  readonly type: string;
  /** `IN` unless said. */
  readonly class: string;
}

export interface DnsRecord extends DnsQuestion {
  readonly ttl: number;
  readonly data: string;
}

export interface DnsMessage {
  readonly id: number;
  readonly flags: ReadonlySet<DnsFlag>;
  readonly opcode: number;
  readonly rcode: string;
  readonly questions: readonly DnsQuestion[];
  readonly answers: readonly DnsRecord[];
  readonly authorities: readonly DnsRecord[];
  readonly additionals: readonly DnsRecord[];
}

/** The bytes are not a DNS message. */
export class DnsFormatError extends Error {
  override readonly name = "DnsFormatError";
}

/** Numbers of record types by mnemonic. */
export const dnsTypes: Readonly<Record<string, number>> = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  HINFO: 13,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  NAPTR: 35,
  DNAME: 39,
  OPT: 41,
  DS: 43,
  RRSIG: 46,
  NSEC: 47,
  DNSKEY: 48,
  SVCB: 64,
  HTTPS: 65,
  IXFR: 251,
  AXFR: 252,
  ANY: 255,
  CAA: 257,
};

const rcodes = [
  "NOERROR",
  "FORMERR",
  "SERVFAIL",
  "NXDOMAIN",
  "NOTIMP",
  "REFUSED",
  "YXDOMAIN",
  "YXRRSET",
  "NXRRSET",
  "NOTAUTH",
  "NOTZONE",
];
const flagBits: Readonly<Record<DnsFlag, number>> = {
  qr: 0x8000,
  aa: 0x0400,
  tc: 0x0200,
  rd: 0x0100,
  ra: 0x0080,
  ad: 0x0020,
  cd: 0x0010,
};

/** The mnemonic of a type, `TYPE123` when it has none (RFC 3597 section 5). */
export function dnsTypeName(type: number): string {
  return typeNames.get(type) ?? `TYPE${type}`;
}

const typeNames = new Map(Object.entries(dnsTypes).map(([name, number]) => [number, name]));

/** @throws {TypeError} for a mnemonic that is not known */
export function dnsTypeNumber(name: string): number {
  const number = dnsTypes[name.toUpperCase()] ?? numbered(name, "TYPE");
  if (number === undefined)
    throw new TypeError(`'${name}' is not a record type; an unknown one is written TYPE123`);
  return number;
}

/**
 * The message in a datagram.
 * @throws {DnsFormatError} when a count, a length or a compression pointer leads out of it
 */
export function decodeDns(bytes: Uint8Array): DnsMessage {
  if (bytes.length < 12) throw new DnsFormatError(`a header has 12 bytes, here are ${bytes.length}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const bits = view.getUint16(2);
  let at = 12;
  const questions: DnsQuestion[] = [];
  for (let left = view.getUint16(4); left > 0; left--) questions.push(question());
  const sections = [6, 8, 10].map((offset) => {
    const records: DnsRecord[] = [];
    for (let left = view.getUint16(offset); left > 0; left--) records.push(record());
    return records;
  });
  if (at !== bytes.length) throw new DnsFormatError(`${bytes.length - at} bytes after the message`);
  return {
    id: view.getUint16(0),
    flags: new Set(dnsFlags.filter((flag) => (bits & flagBits[flag]) !== 0)),
    opcode: (bits >> 11) & 15,
    rcode: rcodes[bits & 15] ?? `RCODE${bits & 15}`,
    questions,
    answers: sections[0]!,
    authorities: sections[1]!,
    additionals: sections[2]!,
  };

  function question(): DnsQuestion {
    const found = checked(() => decodeName(bytes, at));
    at = found.end;
    need(4);
    const type = dnsTypeName(view.getUint16(at));
    const klass = className(view.getUint16(at + 2));
    at += 4;
    return { name: found.name, type, class: klass };
  }

  function record(): DnsRecord {
    const head = question();
    need(6);
    const ttl = view.getUint32(at);
    const length = view.getUint16(at + 4);
    at += 6;
    need(length);
    const data = checked(() => decodeRecordData(head.type, bytes, at, length));
    at += length;
    return { ...head, ttl, data };
  }

  function need(count: number): void {
    if (at + count > bytes.length) throw new DnsFormatError("the message ends in the middle of a record");
  }
}

/** The datagram of a message. @throws {TypeError} when a name, type or record data has no such form */
export function encodeDns(message: DnsMessage): Uint8Array {
  const writer = new NameWriter();
  const rcode = rcodes.indexOf(message.rcode);
  const rcodeNumber = rcode === -1 ? numbered(message.rcode, "RCODE") : rcode;
  if (rcodeNumber === undefined || rcodeNumber > 15)
    throw new TypeError(`'${message.rcode}' is not a response code`);
  let bits = (message.opcode << 11) | rcodeNumber;
  for (const flag of message.flags) bits |= flagBits[flag];
  writer.uint16(message.id);
  writer.uint16(bits);
  const sections = [message.answers, message.authorities, message.additionals];
  writer.uint16(message.questions.length);
  for (const records of sections) writer.uint16(records.length);
  for (const question of message.questions) head(question);
  for (const record of sections.flat()) {
    head(record);
    writer.uint32(record.ttl);
    writer.measured(() => encodeRecordData(record.type, record.data, writer));
  }
  return writer.bytes();

  function head(question: DnsQuestion): void {
    writer.name(question.name);
    writer.uint16(dnsTypeNumber(question.type));
    writer.uint16(classNumber(question.class));
  }
}

function checked<T>(task: () => T): T {
  try {
    return task();
  } catch (error) {
    if (error instanceof RangeError) throw new DnsFormatError(error.message, { cause: error });
    throw error;
  }
}

const classes: Readonly<Record<string, number>> = { IN: 1, CH: 3, HS: 4, ANY: 255 };

function className(number: number): string {
  return Object.keys(classes).find((name) => classes[name] === number) ?? `CLASS${number}`;
}

function classNumber(name: string): number {
  const number = classes[name] ?? numbered(name, "CLASS");
  if (number === undefined) throw new TypeError(`'${name}' is not a class`);
  return number;
}

function numbered(name: string, prefix: string): number | undefined {
  const found = new RegExp(`^${prefix}(\\d{1,5})$`, "i").exec(name);
  return found && Number(found[1]) <= 65_535 ? Number(found[1]) : undefined;
}
