/**
 * The instant that a date means, in milliseconds since the epoch: `2026-01-31`, `2026-01-31 09:30`, or RFC 3339
 * (`2026-01-31T09:30:00.5+01:00`). Without an offset it is the wall clock of the time zone; without a time, the
 * beginning of the day.
 * @param timeZone an IANA name
 * @returns undefined for what is no date
 * @throws TypeError when there is no such time zone
 */
export function parseInstant(text: string, timeZone: string): number | undefined {
  const groups = pattern.exec(text)?.groups;
  if (groups === undefined) return undefined;
  const { year, month, day, hour = "0", minute = "0", second = "0", fraction = "", offset } = groups;
  const milliseconds = Number(fraction.padEnd(3, "0").slice(0, 3));
  const wallMs = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  const wall = new Date(wallMs);
  // Date.UTC carries over what does not exist; the 31st of June must not become the 1st of July.
  const exists =
    wall.getUTCMonth() === Number(month) - 1 &&
    wall.getUTCDate() === Number(day) &&
    wall.getUTCHours() === Number(hour);
  if (!exists || Number(minute) > 59 || Number(second) > 59) return undefined;
  if (offset !== undefined) return wallMs + milliseconds - offsetMsOf(offset);
  return fromWallClock(wallMs, timeZone) + milliseconds;
}

const pattern =
  /^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)(?:[Tt ](?<hour>\d\d):(?<minute>\d\d)(?::(?<second>\d\d)(?:\.(?<fraction>\d+))?)?(?<offset>[Zz]|[+-]\d\d:\d\d)?)?$/;

function offsetMsOf(offset: string): number {
  if (offset.toUpperCase() === "Z") return 0;
  const [hours = 0, minutes = 0] = offset.slice(1).split(":").map(Number);
  return (offset.startsWith("-") ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

/** The instant at which clocks of the zone show this time; twice, as the offset may differ between guess and answer. */
function fromWallClock(wallMs: number, timeZone: string): number {
  const guess = wallMs - zoneOffsetMs(wallMs, timeZone);
  return wallMs - zoneOffsetMs(guess, timeZone);
}

function zoneOffsetMs(atMs: number, timeZone: string): number {
  if (timeZone === "UTC") return 0;
  const shown = new Map(
    zoneFormat(timeZone)
      .formatToParts(atMs)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): number => shown.get(type) ?? 0;
  const shownMs = Date.UTC(
    part("year"),
    part("month") - 1,
    part("day"),
    part("hour"),
    part("minute"),
    part("second"),
  );
  return shownMs - Math.floor(atMs / 1000) * 1000;
}

function zoneFormat(timeZone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat("en-US", {
      timeZone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  } catch (cause) {
    throw new TypeError(`there is no time zone "${timeZone}"; expected an IANA name such as Europe/Berlin`, {
      cause,
    });
  }
}
