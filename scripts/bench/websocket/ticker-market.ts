/** A hundred symbols: SYM00USDT to SYM99USDT. */
export const benchSymbols: readonly string[] = Array.from(
  { length: 100 },
  (_, index) => `SYM${String(index).padStart(2, "0")}USDT`,
);
