/**
 * A whole number of units as a decimal: 10150 cents are `101.50`.
 * @param units how many; not negative
 * @param decimals how many digits stand behind the point
 */
export function decimalOf(units: number, decimals: number): string {
  if (decimals === 0) return String(units);
  const digits = String(units).padStart(decimals + 1, "0");
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/**
 * How many units a decimal is: `101.50` is 10150 cents. Nothing is rounded.
 * @returns undefined when it is no decimal, or finer than a unit
 */
export function unitsOf(text: string, decimals: number): number | undefined {
  const [, whole = "", fraction = ""] = /^(\d{1,15})(?:\.(\d{1,15}))?$/.exec(text) ?? [];
  if (whole === "" || /[1-9]/.test(fraction.slice(decimals))) return undefined;
  const units = Number(whole + fraction.slice(0, decimals).padEnd(decimals, "0"));
  return Number.isSafeInteger(units) ? units : undefined;
}
