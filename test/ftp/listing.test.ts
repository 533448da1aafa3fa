import { expect, test } from "vitest";
import type { FileEntry } from "../../servers/ftp/file-system.ts";
import { factNames, formatFacts, formatListLine, formatTime, parseTime } from "../../servers/ftp/listing.ts";

const nowMs = Date.UTC(2026, 10, 23, 18, 0, 0);
const file: FileEntry = {
  name: "report.txt",
  type: "file",
  size: 12_345,
  modifiedMs: Date.UTC(2026, 10, 3, 9, 5, 7, 250),
  mode: 0o640,
  unique: "fe01g2a",
};

test("a line of LIST is one of ls -l; older than half a year shows the year", () => {
  expect(formatListLine(file, nowMs)).toBe(
    "-rw-r-----   1 ftp      ftp         12345 Nov 03 09:05 report.txt",
  );
  const folder: FileEntry = { ...file, name: "old", type: "folder", size: 0, mode: 0o755, modifiedMs: 0 };
  expect(formatListLine(folder, nowMs)).toBe("drwxr-xr-x   2 ftp      ftp             0 Jan 01  1970 old");
  expect(formatListLine({ ...folder, type: "link", name: " a\r\nb " }, nowMs)).toMatch(
    /^l.* 1970 {2}a\?\?b $/,
  );
  const future: FileEntry = { ...file, modifiedMs: nowMs + 3 * 24 * 3600 * 1000 };
  expect(formatListLine(future, nowMs)).toContain("Nov 26  2026");
});

test("facts are those that were asked for, in a fixed order, and a blank before the name", () => {
  expect(formatFacts(file, factNames, { isWritable: true })).toBe(
    "type=file;size=12345;modify=20261103090507.250;perm=adfrw;unix.mode=0640;unique=fe01g2a; report.txt",
  );
  expect(
    formatFacts({ ...file, type: "folder" }, ["type", "size", "perm"], { isWritable: false }, "/a b"),
  ).toBe("type=dir;perm=el; /a b");
  expect(formatFacts({ ...file, type: "link" }, ["type"], { isWritable: true })).toBe(
    "type=OS.unix=slink; report.txt",
  );
  expect(formatFacts(file, [], { isWritable: true })).toBe(" report.txt");
});

test.each([
  ["20261123180000", nowMs],
  ["20261123180000.5", nowMs + 500],
  ["20261123180000.123456", nowMs + 123],
  ["202611231800", nowMs],
  ["19700101000000", 0],
  ["20240229120000", Date.UTC(2024, 1, 29, 12)],
  ["20230229120000", undefined],
  ["20261323180000", undefined],
  ["20261123240000", undefined],
  ["2026112318000", undefined],
  ["abc", undefined],
])("parseTime(%j) is %j", (text, expected) => {
  expect(parseTime(text)).toBe(expected);
});

test("formatTime() and parseTime() are each other's inverse", () => {
  for (const timeMs of [0, 1, 999, nowMs, nowMs + 999, 4_102_444_800_000]) {
    expect(parseTime(formatTime(timeMs))).toBe(timeMs);
  }
});
