/** Day, month, year, time and zone of RFC 5322 section 3.3, with the obsolete forms of section 4.3. */
const internet =
  /^(?:\p{L}{2,9}\.?,?\s*)?(\d{1,2})[\s-]+([a-z]{3})[a-z]*[\s-]+(\d{2,4})\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([+-]\d{4}|[a-z]{1,5})?/iu;
const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
/** RFC 5322 section 4.3; every other name means that the zone is not known. */
const zones: Readonly<Record<string, number>> = {
  edt: -240,
  est: -300,
  cdt: -300,
  cst: -360,
  mdt: -360,
  mst: -420,
  pdt: -420,
  pst: -480,
};

/** The time a Date field tells; `undefined` when it tells none. A date without a zone is read as UTC. */
export function readDate(value: string): Date | undefined {
  const match = internet.exec(value);
  if (!match)
    return /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)$/.test(value) ? valid(new Date(value)) : undefined;
  const [, day, month = "", year = "", hour, minute, second = "0", zone = ""] = match;
  const monthIndex = months.indexOf(month.toLowerCase());
  if (monthIndex < 0 || Number(day) > 31 || Number(hour) > 23 || Number(minute) > 59) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(fullYear(year), monthIndex, Number(day));
  date.setUTCHours(Number(hour), Number(minute) - offsetMinutes(zone), Number(second));
  return valid(date);
}

/** RFC 5322 section 4.3: two digits up to 49 are of this century; three digits count from 1900. */
function fullYear(year: string): number {
  const number = Number(year);
  if (year.length === 2 && number < 50) return 2000 + number;
  return year.length < 4 ? 1900 + number : number;
}

function offsetMinutes(zone: string): number {
  if (!/^[+-]/.test(zone)) return zones[zone.toLowerCase()] ?? 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3));
  return zone.startsWith("-") ? -minutes : minutes;
}

function valid(date: Date): Date | undefined {
  return Number.isNaN(date.getTime()) ? undefined : date;
}
