const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const clock = String.raw`(?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)`;
/** RFC 9110 section 5.6.7: the one form to write, and two old ones to read. */
const forms = [
  new RegExp(`^\\w{3}, (?<day>\\d\\d) (?<month>\\w{3}) (?<year>\\d{4}) ${clock} GMT$`),
  new RegExp(`^\\w{6,9}, (?<day>\\d\\d)-(?<month>\\w{3})-(?<year>\\d\\d) ${clock} GMT$`),
  new RegExp(`^\\w{3} (?<month>\\w{3}) (?<day>[ \\d]\\d) ${clock} (?<year>\\d{4})$`),
];

/** A date as HTTP writes it, to the second: `Sun, 06 Nov 1994 08:49:37 GMT`. */
export function httpDate(atMs: number): string {
  return new Date(atMs).toUTCString();
}

/** What an HTTP date says, in milliseconds since the epoch; undefined for what is no date (RFC 9110: ignore it). */
export function parseHttpDate(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  for (const form of forms) {
    const parts = form.exec(text)?.groups;
    if (!parts) continue;
    const month = months.indexOf(parts["month"] ?? "");
    const number = (name: string): number => Number(parts[name]);
    const year = parts["year"]?.length === 2 ? centuryOf(number("year")) : number("year");
    if (month === -1 || number("hour") > 23 || number("minute") > 59 || number("second") > 60)
      return undefined;
    return Date.UTC(year, month, number("day"), number("hour"), number("minute"), number("second"));
  }
  return undefined;
}

/** A year of two digits that seems more than 50 years ahead is of the century before. */
function centuryOf(year: number): number {
  const now = new Date().getUTCFullYear();
  const guess = now - (now % 100) + year;
  return guess > now + 50 ? guess - 100 : guess;
}
