import fc from "fast-check";
import { expect, test } from "vitest";
import { TlsRecords } from "../../wire/tls-records.ts";

const record = fc
  .tuple(fc.constantFrom(20, 21, 22, 23), fc.constantFrom(1, 3, 4), fc.uint8Array({ maxLength: 600 }))
  .map(([type, minor, content]) =>
    Buffer.concat([Buffer.from([type, 3, minor, content.length >> 8, content.length & 255]), content]),
  );

test("records end where they end, however they are cut, and what begins none is left", () => {
  const behind = fc.constantFrom("", "PWD\r\n", "\xFF\xF4\xF2ABOR\r\n", "\r\n", "\x13", "\x18");
  const cuts = fc.array(fc.nat(2_000), { maxLength: 20 });
  fc.assert(
    fc.property(fc.array(record, { maxLength: 4 }), behind, cuts, (all, text, places) => {
      const tls = Buffer.concat(all);
      const bytes = Buffer.concat([tls, Buffer.from(text, "latin1")]);
      const ends = [...places.filter((place) => place < bytes.length), bytes.length].sort((a, b) => a - b);
      const records = new TlsRecords();
      let start = 0;
      let followed = 0;
      for (const end of ends) {
        const piece = bytes.subarray(start, end);
        const taken = records.follow(piece);
        followed += taken;
        if (taken < piece.length) break;
        start = end;
      }
      expect(followed).toBe(tls.length);
    }),
  );
});

test("the largest length is read as such", () => {
  const records = new TlsRecords();
  expect(records.follow(Buffer.from([23, 3, 3, 255, 255]))).toBe(5);
  expect(records.follow(Buffer.alloc(65_535, "x"))).toBe(65_535);
  expect(records.follow(Buffer.from("x"))).toBe(0);
});
