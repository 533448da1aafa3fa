import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findCodes } from "../../../servers/smtp/letter/codes.ts";

describe("findCodes() finds", () => {
  const cases: readonly (readonly [text: string, ...codes: string[]])[] = [
    ["Your verification code is 493817.", "493817"],
    ["493 817 is your Example code", "493 817"],
    ["Your login code: 493-817. It works for 10 minutes.", "493-817"],
    ["G-493817 is your Google verification code.", "493817"],
    ["Use this PIN: 4938", "4938"],
    ["Your PIN is 1987", "1987"],
    ["Enter this code on your television:\n\n    AB12-CD34\n\nIt expires soon.", "AB12-CD34"],
    ["Your confirmation code is below.\n\nWDJB-MJHT\n", "WDJB-MJHT"],
    ["Recovery code: X7K2P9", "X7K2P9"],
    ["Your OTP for the payment of $1250 to Shop 2026 is 882 014", "882 014"],
    [
      "Hello Ann,\n\nplease type this on the page:\n\n553201\n\n© 2026 Example Inc, 94105 San Francisco",
      "553201",
    ],
    ["Ihr Bestätigungscode lautet 771002 (gültig bis 12.11.2026, 14:30 Uhr)", "771002"],
    ["Su código de verificación es 40 31 77", "40 31 77"],
    ["Votre code de sécurité : 204816", "204816"],
    ["Il tuo codice: 60718", "60718"],
    ["Ваш код подтверждения: 31415", "31415"],
    ["您的验证码是 271828，请在10分钟内使用", "271828"],
    ["認証コード：161803", "161803"],
    ["Order number 48151623\n\nYour security code is 4242-1717", "4242-1717"],
    ["123456 is your first code and 654321 is your second code", "123456", "654321"],
    ["Your code:\n4 9 3 8 1 7\n", "493817"],
    ["*778899*\n\nThat is your one-time password.", "778899"],
  ];
  test.for(cases)("%s", ([text, ...codes]) => {
    expect(findCodes(text)).toEqual(codes);
  });
});

describe("findCodes() is not taken in by", () => {
  const cases: Readonly<Record<string, string>> = {
    "a year": "Happy 2026! See you in 2027. © 2026 Example",
    "an amount": "Your total is $1250.00, that is 1150 EUR or £ 1080 with the discount code.",
    "a telephone number": "Call +49 30 901820 or (555) 123-4567 or 0800 123456789.",
    "a date": "The meeting is on 2026-11-23 or 23.11.2026 or 11/23/2026 at 1430.",
    "a postcode": "Example GmbH, Straße 1, 10115 Berlin; Example Inc, CA 94105",
    "an order": "Order #481516 (invoice no. 234201, customer number: 998877) was sent.",
    "a link": "Confirm your code at https://example.com/verify/493817?code=123456 or www.example.com/654321",
    "an address": "Write to code 493817@example.com",
    "codes of another kind": "Zip code 94105, promo code SAVE-2026, error code 50012",
    units: "Your code works for 1440 minutes. We have 250000 users and 4096 MB.",
    "capitals with a dash": "READ-ONLY access for the FOLLOW-UP",
  };
  test.for(Object.entries(cases))("%s", ([, text]) => {
    expect(findCodes(text)).toEqual([]);
  });
});

test("findCodes() puts the best guess first and each code once", () => {
  const subject = "493817 is your code";
  const text = "Hello,\n\n493 817\n\nis your code. Room key codes such as 1234 are something else.";
  expect(findCodes(subject, text)).toEqual(["493 817", "1234"]);
});

test("findCodes() never throws and gives back what stands in the text", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme", maxLength: 200 }),
      fc.stringMatching(/^\d{4,8}$/),
      (text, code) => {
        for (const found of findCodes(`${text} code ${code} ${text}`))
          expect(found).toMatch(/^[A-Z\d -]{4,27}$/);
      },
    ),
  );
});

test("findCodes() takes time in proportion to the length of the text", () => {
  for (const piece of [
    "1",
    "1 ",
    "12-",
    "code ",
    "1234 code ",
    "AB12-",
    "a@",
    "www.",
    "+1(",
    "(((",
    "no. ",
    "A1",
  ]) {
    const started = performance.now();
    findCodes(piece.repeat(200_000 / piece.length));
    expect(performance.now() - started, piece).toBeLessThan(2000);
  }
});
