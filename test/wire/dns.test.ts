import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeDns, DnsFormatError, encodeDns } from "../../wire/dns.ts";
import type { DnsMessage, DnsRecord } from "../../wire/dns.ts";
import { dialectNamed } from "../../wire/exchange/dialects.ts";

const record = (type: string, data: string): DnsRecord => ({
  name: "a.test.",
  type,
  class: "IN",
  ttl: 60,
  data,
});
const reply = (answers: readonly DnsRecord[]): DnsMessage => ({
  id: 4660,
  flags: new Set(["qr", "aa", "ra"]),
  opcode: 0,
  rcode: "NOERROR",
  questions: [{ name: "a.test.", type: "A", class: "IN" }],
  answers,
  authorities: [],
  additionals: [],
});

test.each([
  ["A", "192.0.2.7"],
  ["AAAA", "2001:db8::7"],
  ["AAAA", "::"],
  ["AAAA", "::ffff:c000:207"],
  ["AAAA", "1:0:0:2::3"],
  ["CNAME", "www.a.test."],
  ["MX", "10 mail.a.test."],
  ["MX", "0 ."],
  ["TXT", '"v=spf1 -all" "two \\"parts\\" \\\\ \\000"'],
  ["SOA", "ns.a.test. root.a.test. 1 2 3 4 4294967295"],
  ["SRV", "1 2 5060 sip.a.test."],
  ["CAA", '0 issue "ca.test"'],
  ["TYPE731", "\\# 3 abcdef"],
  ["A", "\\# 3 abcdef"],
])("a %s record is the same after encoding: %s", (type, data) => {
  const message = reply([record(type, data)]);
  expect(decodeDns(encodeDns(message))).toEqual(message);
});

test("RFC 1035 section 4.1.4: names are written once and pointed at", () => {
  const one = encodeDns(reply([record("CNAME", "www.a.test.")]));
  // header 12, question 8 + 4, answer: pointer 2, fixed 10, "www" 4 and a pointer 2
  expect(one.length).toBe(12 + 12 + 2 + 10 + 6);
  // RFC 2782: the target of SRV is not compressed
  expect(encodeDns(reply([record("SRV", "0 0 1 a.test.")])).length).toBe(12 + 12 + 2 + 10 + 6 + 8);
});

test("pointers that go round, lead forward or out of the message are refused", () => {
  const header = [0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0];
  const wrong = [[0xc0, 12], [0xc0, 14], [1, 97, 0xc0, 12], [0xff, 0xff], [0x80], [63, 97], [0xc0]];
  for (const name of wrong) {
    expect(() => decodeDns(Uint8Array.from([...header, ...name, 0, 1, 0, 1]))).toThrow(DnsFormatError);
  }
});

test("a name over 255 bytes is refused, also when it is put together from pointers", () => {
  const label = [63, ...Array.from({ length: 63 }, () => 97)];
  const long = [0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...label, ...label, ...label, ...label, 0, 0, 1, 0, 1];
  expect(() => decodeDns(Uint8Array.from(long))).toThrow(/255/);
  expect(() => encodeDns(reply([record("CNAME", `${"a".repeat(64)}.test.`)]))).toThrow(TypeError);
});

test("any bytes are a message or refused, and a message is encoded to one that reads the same", () => {
  const noise = fc.uint8Array({ minLength: 12, maxLength: 80 });
  const nearly = fc.tuple(fc.array(fc.tuple(fc.nat(60), fc.nat(255)), { maxLength: 4 })).map(([changes]) => {
    const bytes = encodeDns(reply([record("MX", "10 mail.a.test."), record("TXT", '"x"')]));
    for (const [at, by] of changes) bytes[at % bytes.length] = by;
    return bytes;
  });
  fc.assert(
    fc.property(fc.oneof(noise, nearly), (bytes) => {
      let message;
      try {
        message = decodeDns(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(DnsFormatError);
        return;
      }
      expect(decodeDns(encodeDns(message))).toEqual(message);
    }),
    { numRuns: 2000 },
  );
});

test("the dialect tells datagrams in words and says words as datagrams", () => {
  const dialogue = dialectNamed("dns")!.open();
  const query = dialogue.encode("C", "", "query 4660 www.example.test. A rd");
  expect(Buffer.from(query, "latin1").toString("hex")).toBe(
    "12340100000100000000000003777777076578616d706c6504746573740000010001",
  );
  expect(dialogue.cut("C", query)[0]!.text).toBe("query 4660 www.example.test. A rd");
  for (const text of [
    "reply 4660 NOERROR aa ra www.example.test. A => 60 192.0.2.7",
    "reply 4660 NXDOMAIN aa ra nothing.example.test. A",
    "reply 4660 NOERROR www.a.test. A => 5 CNAME b.test. => b.test. 6 192.0.2.1 => b.test. 7 192.0.2.2",
    'reply 4660 NOERROR tc a.test. TXT => 0 "a b"',
  ]) {
    const said = dialogue.encode("S", "", text);
    expect(dialogue.cut("S", said)[0]!.text).toBe(text);
    // RFC 1035 section 4.1.1: RD is copied from the query, although the words of a reply do not tell it
    expect(said.charCodeAt(2) & 1).toBe(1);
  }
  expect(dialogue.cut("S", "noise")[0]!.kind).toBe("raw");
});
