/** How files look in LIST, NLST, MLSD and MLST. */
import type { FileEntry } from "./file-system.ts";
import { showName } from "./paths.ts";

/** What a session may do with a file, besides what the file says itself. */
export interface Access {
  readonly isWritable: boolean;
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const typeLetters = { file: "-", folder: "d", link: "l", other: "p" } as const;
const halfYearMs = 182 * 24 * 3600 * 1000;

/**
 * A line of LIST as `ls -l` prints it, the form every client reads: `-rw-r--r--   1 ftp ftp  4096 Feb 03 10:20 name`.
 * Times are UTC; a file older than half a year shows its year in place of the hour.
 * @param name as it is to be shown; a path when the client asked for a pattern with folders
 */
export function formatListLine(entry: FileEntry, nowMs: number, name: string = entry.name): string {
  const links = entry.type === "folder" ? "2" : "1";
  const letters = typeLetters[entry.type] + modeLetters(entry.mode);
  return `${letters}   ${links} ftp      ftp  ${String(entry.size).padStart(12)} ${listTime(entry.modifiedMs, nowMs)} ${showName(name)}`;
}

const modeCache = new Map<number, string>();

function modeLetters(mode: number): string {
  const known = modeCache.get(mode);
  if (known !== undefined) return known;
  const letters = "rwxrwxrwx"
    .split("")
    .map((letter, index) => ((mode >> (8 - index)) & 1 ? letter : "-"))
    .join("");
  modeCache.set(mode, letters);
  return letters;
}

// Files of one folder are often minutes apart: the last minute's text is kept.
let lastMinute = Number.NaN;
let lastMinuteText = "";
let lastMinuteIsOld = false;

function listTime(modifiedMs: number, nowMs: number): string {
  const minute = Math.floor(modifiedMs / 60_000);
  const isOld = modifiedMs < nowMs - halfYearMs || modifiedMs > nowMs + 24 * 3600 * 1000;
  if (minute === lastMinute && isOld === lastMinuteIsOld) return lastMinuteText;
  const date = new Date(modifiedMs);
  const day = `${months[date.getUTCMonth()] ?? "Jan"} ${two(date.getUTCDate())}`;
  lastMinuteText = isOld
    ? `${day}  ${date.getUTCFullYear()}`
    : `${day} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
  lastMinute = minute;
  lastMinuteIsOld = isOld;
  return lastMinuteText;
}

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}

/** The facts we know (RFC 3659 section 7.5), in the order they are printed. */
export const factNames = ["type", "size", "modify", "perm", "unix.mode", "unique"] as const;
export type FactName = (typeof factNames)[number];

/** Those a client gets that does not choose with OPTS MLST; it must ask for the others. */
export const defaultFacts: readonly FactName[] = ["type", "size", "modify", "perm", "unix.mode"];

/**
 * The facts of an entry, a blank, and its name: `type=file;size=1990;modify=20261123180800;perm=adfrw; name`.
 * @param name as it is to be shown, the full path in MLST; `cdir` and `pdir` are not listed
 */
export function formatFacts(
  entry: FileEntry,
  facts: readonly FactName[],
  access: Access,
  name: string = entry.name,
): string {
  let line = "";
  for (const fact of facts) {
    const value = factOf[fact](entry, access);
    if (value !== undefined) line += `${fact}=${value};`;
  }
  return `${line} ${showName(name)}`;
}

const factTypes = { file: "file", folder: "dir", link: "OS.unix=slink", other: "OS.unix=other" } as const;

const factOf: Readonly<Record<FactName, (entry: FileEntry, access: Access) => string | undefined>> = {
  type: (entry) => factTypes[entry.type],
  size: (entry) => (entry.type === "file" ? String(entry.size) : undefined),
  modify: (entry) => formatTime(entry.modifiedMs),
  perm: permissions,
  "unix.mode": (entry) => `0${(entry.mode & 0o777).toString(8).padStart(3, "0")}`,
  unique: (entry) => entry.unique,
};

/** RFC 3659 section 7.5.5: what would be answered with success, a letter each. */
function permissions(entry: FileEntry, { isWritable }: Access): string {
  if (entry.type === "folder") return isWritable ? "cdeflmp" : "el";
  if (entry.type !== "file") return isWritable ? "df" : "";
  return isWritable ? "adfrw" : "r";
}

let lastSecond = Number.NaN;
let lastSecondText = "";

/** `YYYYMMDDHHMMSS` in UTC, and `.sss` when there are milliseconds (RFC 3659 section 2.3). */
export function formatTime(timeMs: number): string {
  const second = Math.floor(timeMs / 1000);
  if (second !== lastSecond) {
    lastSecondText = new Date(second * 1000).toISOString().replace(/[-:T]|\.\d+Z$/g, "");
    lastSecond = second;
  }
  const milliseconds = Math.floor(timeMs - second * 1000);
  return milliseconds === 0 ? lastSecondText : `${lastSecondText}.${String(milliseconds).padStart(3, "0")}`;
}

/** The time of MFMT and `SITE UTIME` in milliseconds since the epoch; `undefined` when it is none. */
export function parseTime(text: string): number | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(?:(\d\d)(?:\.(\d{1,9}))?)?$/.exec(text);
  if (!parts) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60)
    return undefined;
  const timeMs = Date.UTC(year, month - 1, day, hour, minute, second);
  // The 31st of a month that has 30 days rolls over: not a date either.
  if (new Date(timeMs).getUTCDate() !== day && second < 60) return undefined;
  return timeMs + Math.floor(Number(`0.${parts[7] ?? 0}`) * 1000);
}
