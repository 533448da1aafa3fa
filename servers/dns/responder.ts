import { decodeDns, dnsTypeName, encodeDns } from "../../wire/dns.ts";
import { type Finding, lookUp } from "./lookup.ts";
import { type Query, readQuery } from "./query.ts";
import type { Zone } from "./zone.ts";

/** An answer, ready but for what differs from query to query. */
interface Prepared {
  readonly name: string;
  readonly type: string;
  readonly rcode: string;
  readonly answers: readonly string[];
  /** The third and fourth byte of the header: QR, AA and the code. */
  readonly bits: number;
  /** How many records in each section. */
  readonly counts: readonly [answers: number, authorities: number, additionals: number];
  /** What stands behind the question. Its names point into the question, so they show the case of who asked. */
  readonly records: Buffer;
}

/** A reply, and what it was about. */
export interface Response {
  readonly bytes: Buffer;
  /** As asked for, in lower case: `www.example.test.` */
  readonly name: string;
  readonly type: string;
  readonly rcode: string;
  /** Data of the answers. */
  readonly answers: readonly string[];
}

const maxPrepared = 20_000;
const rcodes = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 } as const;
const qr = 0x8000;
const aa = 0x0400;
const tc = 0x0200;
const rd = 0x0100;
const opcodeBits = 0x7800;
const optBytes = 11;
const classIn = 1;

/** Of an answer only the question is left. */
const empty = { counts: [0, 0, 0], records: Buffer.alloc(0) } as const;

/** Answers queries from zones. Answers are encoded once; then only id, flags, question and EDNS are put in. */
export class Responder {
  readonly #zones: () => readonly Zone[];
  readonly #prepared = new Map<string, Prepared>();
  readonly #maxUdpBytes: number;

  constructor(zones: () => readonly Zone[], maxUdpBytes: number) {
    this.#zones = zones;
    this.#maxUdpBytes = maxUdpBytes;
  }

  /** The zones have changed. */
  forget(): void {
    this.#prepared.clear();
  }

  /** The reply to a query, or nothing when it deserves none. */
  respond(bytes: Buffer, transport: "udp" | "tcp"): Response | undefined {
    const query = readQuery(bytes);
    if (query === "ignore") return undefined;
    if (query === "malformed") return bare(bytes, "FORMERR");
    if (query.opcode !== 0) return bare(bytes, "NOTIMP");
    const prepared = this.#prepared.get(query.key) ?? this.#prepare(query, bytes);
    // RFC 6891 section 6.1.3: BADVERS is 16, of which the upper bits stand in OPT.
    if (query.edns && query.edns.version > 0) {
      const refusal = this.#print(bytes, query, { ...prepared, ...empty, bits: qr }, 0, 1);
      return { ...responseOf(prepared, refusal), rcode: "BADVERS" };
    }
    const limit =
      transport === "tcp" ? 65_535 : Math.min(Math.max(query.edns?.udpBytes ?? 512, 512), this.#maxUdpBytes);
    const size = query.questionEnd + prepared.records.length + (query.edns ? optBytes : 0);
    const reply =
      size <= limit
        ? this.#print(bytes, query, prepared, 0, 0)
        : this.#print(bytes, query, { ...prepared, ...empty }, tc, 0);
    return responseOf(prepared, reply);
  }

  #print(bytes: Buffer, query: Query, prepared: Prepared, flags: number, extendedRcode: number): Buffer {
    const { questionEnd, edns } = query;
    const end = questionEnd + prepared.records.length;
    const reply = Buffer.allocUnsafe(end + (edns ? optBytes : 0));
    bytes.copy(reply, 0, 0, questionEnd);
    reply.writeUInt16BE(prepared.bits | flags | (bytes.readUInt16BE(2) & rd), 2);
    const [answers, authorities, additionals] = prepared.counts;
    reply.writeUInt16BE(answers, 6);
    reply.writeUInt16BE(authorities, 8);
    reply.writeUInt16BE(additionals + (edns ? 1 : 0), 10);
    prepared.records.copy(reply, questionEnd);
    if (edns) {
      // The root, OPT, what we take, the upper bits of the code, version 0, no options.
      reply.fill(0, end);
      reply[end + 2] = 41;
      reply.writeUInt16BE(this.#maxUdpBytes, end + 3);
      reply[end + 5] = extendedRcode;
    }
    return reply;
  }

  #prepare(query: Query, bytes: Buffer): Prepared {
    const name = questionName(bytes, query);
    const type = dnsTypeName(query.type);
    const finding = query.class === classIn ? this.#find(name, type) : lookUp([], name, type);
    const encoded = Buffer.from(
      encodeDns({
        id: 0,
        flags: new Set(),
        opcode: 0,
        rcode: "NOERROR",
        questions: [{ name, type, class: "IN" }],
        answers: finding.answers,
        authorities: finding.authorities,
        additionals: finding.additionals,
      }),
    );
    const prepared: Prepared = {
      name,
      type,
      rcode: finding.rcode,
      answers: finding.answers.map(({ data }) => data),
      bits: qr | (finding.isAuthoritative ? aa : 0) | rcodes[finding.rcode],
      counts: [finding.answers.length, finding.authorities.length, finding.additionals.length],
      records: encoded.subarray(query.questionEnd),
    };
    // Names that are not there are as many as somebody likes to ask for.
    if (this.#prepared.size >= maxPrepared) this.#prepared.clear();
    this.#prepared.set(query.key, prepared);
    return prepared;
  }

  #find(name: string, type: string): Finding {
    // A transfer of the whole zone is nobody's business.
    if (type === "AXFR" || type === "IXFR") return lookUp([], name, type);
    const finding = lookUp(this.#zones(), name, type === "ANY" ? "HINFO" : type);
    if (type !== "ANY" || finding.rcode !== "NOERROR") return finding;
    // RFC 8482 section 4.2: one small record instead of all.
    return {
      rcode: "NOERROR",
      isAuthoritative: true,
      answers: [{ name, type: "HINFO", class: "IN", ttl: 3_600, data: '"RFC8482" ""' }],
      authorities: [],
      additionals: [],
    };
  }
}

/** A reply of the header alone, with the question where it can be read. */
function bare(query: Buffer, rcode: "FORMERR" | "NOTIMP"): Response {
  const read = readQuery(query);
  const hasQuestion = typeof read === "object" && rcode !== "FORMERR";
  const bytes = Buffer.alloc(hasQuestion ? read.questionEnd : 12);
  query.copy(bytes, 0, 0, bytes.length);
  bytes.writeUInt16BE(qr | (query.readUInt16BE(2) & (opcodeBits | rd)) | rcodes[rcode], 2);
  bytes.writeUInt16BE(hasQuestion ? 1 : 0, 4);
  bytes.fill(0, 6, 12);
  return {
    bytes,
    name: hasQuestion ? questionName(query, read) : "",
    type: hasQuestion ? dnsTypeName(read.type) : "",
    rcode,
    answers: [],
  };
}

function responseOf({ name, type, rcode, answers }: Prepared, bytes: Buffer): Response {
  return { bytes, name, type, rcode, answers };
}

/** The name of the question, in lower case. */
function questionName(bytes: Buffer, { questionEnd }: Query): string {
  const question = Buffer.alloc(questionEnd);
  bytes.copy(question, 0, 0, questionEnd);
  question.fill(0, 6, 12);
  return decodeDns(question).questions[0]!.name.toLowerCase();
}
