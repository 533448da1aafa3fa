import { describe, expect, test } from "vitest";
import {
  acceptDeflate,
  agreedDeflate,
  deflateDefaults,
  deflateOffer,
  type DeflateOptions,
  resolveDeflate,
} from "../../wire/websocket-extension.ts";

const resolved = (options: DeflateOptions = {}): Required<DeflateOptions> => ({
  ...deflateDefaults,
  ...options,
});

/** What a server answers, or why it does not. */
function answer(offer: string, options: DeflateOptions = {}): string | undefined {
  const accepted = acceptDeflate(offer, resolved(options));
  return typeof accepted === "object" ? accepted.header : accepted;
}

const plain = "permessage-deflate";

describe("acceptDeflate() answers", () => {
  test.each<[offer: string, header: string, options?: DeflateOptions]>([
    [plain, plain],
    [`${plain}; client_max_window_bits`, plain],
    [`${plain}; server_no_context_takeover`, `${plain}; server_no_context_takeover`],
    [`${plain}; client_no_context_takeover`, `${plain}; client_no_context_takeover`],
    [`${plain}; server_max_window_bits=10`, `${plain}; server_max_window_bits=10`],
    [`${plain}; server_max_window_bits=15`, `${plain}; server_max_window_bits=15`],
    [`${plain};server_max_window_bits="10"`, `${plain}; server_max_window_bits=10`],
    [`${plain}; client_max_window_bits=9`, `${plain}; client_max_window_bits=9`],
    [`${plain}; client_max_window_bits`, `${plain}; client_max_window_bits=12`, { clientMaxWindowBits: 12 }],
    [`${plain}; client_max_window_bits=9`, `${plain}; client_max_window_bits=9`, { clientMaxWindowBits: 12 }],
    // RFC 7692 section 7.1.2.2: who has not offered to be told must not be told.
    [plain, plain, { clientMaxWindowBits: 12 }],
    [plain, `${plain}; server_max_window_bits=11`, { serverMaxWindowBits: 11 }],
    [
      plain,
      `${plain}; server_no_context_takeover; client_no_context_takeover`,
      { serverContextTakeover: false, clientContextTakeover: false },
    ],
    // RFC 7692 section 7.1: the first offer that can be accepted.
    [`x-else, ${plain}; no_such, ${plain}; server_max_window_bits=8`, `${plain}; server_max_window_bits=8`],
  ])("%s with %s", (offer, header, options) => {
    expect(answer(offer, options)).toBe(header);
  });

  test("what is agreed upon for each side", () => {
    const offer = `${plain}; client_max_window_bits; server_max_window_bits=9; server_no_context_takeover`;
    expect(acceptDeflate(offer, resolved({ clientMaxWindowBits: 10 }))).toMatchObject({
      agreement: {
        server: { takesContextOver: false, windowBits: 9 },
        client: { takesContextOver: true, windowBits: 10 },
      },
    });
  });

  test.each([
    "x-webkit-deflate-frame",
    "PERMESSAGE-DEFLATE",
    `${plain}; unknown`,
    `${plain}; server_no_context_takeover=1`,
    `${plain}; client_no_context_takeover="true"`,
    `${plain}; server_no_context_takeover; server_no_context_takeover`,
    `${plain}; server_max_window_bits`,
    `${plain}; server_max_window_bits=7`,
    `${plain}; server_max_window_bits=16`,
    `${plain}; server_max_window_bits=08`,
    `${plain}; server_max_window_bits=+9`,
    `${plain}; server_max_window_bits=9; server_max_window_bits=9`,
    `${plain}; client_max_window_bits=16`,
    `${plain}; client_max_window_bits=abc`,
    `${plain}; client_max_window_bits; client_max_window_bits=15`,
  ])("nothing to %s", (offer) => {
    expect(answer(offer)).toBeUndefined();
  });

  test.each(["", `${plain},`, `${plain};`, `${plain}; =`, `${plain}; a=`, `${plain}; a="b`, "a b", "(x)"])(
    "that %j is no list of extensions",
    (offer) => {
      expect(answer(offer)).toBe("malformed");
    },
  );
});

describe("agreedDeflate()", () => {
  test.each<[answer: string, options: DeflateOptions]>([
    [plain, {}],
    [`${plain}; server_no_context_takeover; client_no_context_takeover`, {}],
    [`${plain}; server_max_window_bits=8; client_max_window_bits=8`, {}],
    [`${plain}; server_max_window_bits=9`, { serverMaxWindowBits: 10 }],
    // What the client offered to do, it may do unasked.
    [plain, { clientMaxWindowBits: 9, clientContextTakeover: false }],
  ])("takes %s", (header, options) => {
    expect(agreedDeflate(header, resolved(options))).toBeTypeOf("object");
  });

  test.each<[answer: string, options: DeflateOptions]>([
    ["x-else", {}],
    [`${plain}, ${plain}`, {}],
    [`${plain}; unknown`, {}],
    [`${plain}; server_no_context_takeover=1`, {}],
    [`${plain}; client_max_window_bits`, {}],
    [`${plain}; client_max_window_bits=7`, {}],
    [`${plain}; server_max_window_bits=010`, {}],
    [`${plain}; client_no_context_takeover; client_no_context_takeover`, {}],
    [plain, { serverContextTakeover: false }],
    [plain, { serverMaxWindowBits: 10 }],
    [`${plain}; server_max_window_bits=11`, { serverMaxWindowBits: 10 }],
    [`${plain}; client_max_window_bits=11`, { clientMaxWindowBits: 10 }],
  ])("refuses %s", (header, options) => {
    expect(agreedDeflate(header, resolved(options))).toBeTypeOf("string");
  });

  test("has nothing to say without an answer, and refuses one that was not asked for", () => {
    expect(agreedDeflate(undefined, resolved())).toBeUndefined();
    expect(agreedDeflate(plain, false)).toBeTypeOf("string");
  });
});

test("deflateOffer() names what is wanted", () => {
  expect(deflateOffer(resolved())).toBe(`${plain}; client_max_window_bits`);
  const options = { serverContextTakeover: false, clientContextTakeover: false, serverMaxWindowBits: 9 };
  expect(deflateOffer(resolved({ ...options, clientMaxWindowBits: 10 }))).toBe(
    `${plain}; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=9; client_max_window_bits=10`,
  );
});

test("resolveDeflate() refuses what cannot be", () => {
  expect(resolveDeflate(false)).toBe(false);
  expect(resolveDeflate(true)).toEqual(deflateDefaults);
  for (const wrong of [
    { serverMaxWindowBits: 7 },
    { clientMaxWindowBits: 16 },
    { level: 0 },
    { thresholdBytes: -1 },
  ]) {
    expect(() => resolveDeflate(wrong)).toThrow(TypeError);
  }
});
