import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decimalOf, unitsOf } from "../../wire/decimal.ts";
import { LevelBook } from "../../wire/level-book.ts";

const changes = fc.array(
  fc.record({
    side: fc.constantFrom("bid" as const, "ask" as const),
    price: fc.integer({ min: 1, max: 40 }),
    quantity: fc.integer({ min: 0, max: 5 }),
  }),
);

describe("a book of levels", () => {
  test("holds the last quantity of each price, best first, whatever comes", () => {
    fc.assert(
      fc.property(changes, (all) => {
        const book = new LevelBook();
        const plain = { bid: new Map<number, number>(), ask: new Map<number, number>() };
        for (const { side, price, quantity } of all) {
          expect(book.set(side, price, quantity)).toBe(plain[side].get(price) ?? 0);
          if (quantity === 0) plain[side].delete(price);
          else plain[side].set(price, quantity);
        }
        const sorted = (side: "bid" | "ask", sign: number): object[] =>
          [...plain[side]]
            .sort(([one], [other]) => sign * (one - other))
            .map(([price, quantity]) => ({ price, quantity }));
        expect(book.levels("bid")).toEqual(sorted("bid", -1));
        expect(book.levels("ask")).toEqual(sorted("ask", 1));
        expect(book.copy().checksum).toBe(book.checksum);
      }),
    );
  });

  test("has a checksum of what it holds, not of how it came there", () => {
    const once = new LevelBook();
    once.set("bid", 9, 1);
    once.set("ask", 11, 2);
    const other = new LevelBook();
    for (const quantity of [5, 0, 2]) other.set("ask", 11, quantity);
    other.set("bid", 9, 1);
    expect(other.checksum).toBe(once.checksum);
    other.set("bid", 9, 2);
    expect(other.checksum).not.toBe(once.checksum);
    other.clear();
    expect(other.checksum).toBe("0000000000000000");
  });

  test("is crossed when somebody bids what is asked", () => {
    const book = new LevelBook();
    book.set("bid", 10, 1);
    expect(book.isCrossed).toBe(false);
    book.set("ask", 11, 1);
    expect(book.isCrossed).toBe(false);
    book.set("bid", 11, 1);
    expect(book.isCrossed).toBe(true);
  });
});

describe("a decimal", () => {
  test("is printed and read without loss", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(8), (units, decimals) => {
        expect(unitsOf(decimalOf(units, decimals), decimals)).toBe(units);
      }),
    );
  });

  test.each([
    [5, 2, "0.05"],
    [10_150, 2, "101.50"],
    [7, 0, "7"],
  ])("of %i with %i digits is %s", (units, decimals, text) => {
    expect(decimalOf(units, decimals)).toBe(text);
  });

  test.each(["", "-1", "1e5", "1.", ".5", "1.005", "9999999999999999"])("is not %j", (text) => {
    expect(unitsOf(text, 2)).toBeUndefined();
  });
});
