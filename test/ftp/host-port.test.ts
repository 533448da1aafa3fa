import { expect, test } from "vitest";
import {
  formatExtendedPassive,
  formatPassive,
  isSameHost,
  parseExtendedPort,
  parsePort,
} from "../../servers/ftp/host-port.ts";

test.each([
  ["127,0,0,1,4,1", { host: "127.0.0.1", port: 1025 }],
  ["10,1,2,3,255,255", { host: "10.1.2.3", port: 65_535 }],
  ["127,0,0,01,010,001", { host: "127.0.0.1", port: 2561 }],
  ["", undefined],
  ["127,0,0,1,4", undefined],
  ["127,0,0,1,4,1,1", undefined],
  ["127,0,0,256,4,1", undefined],
  ["127,0,0,1,4,256", undefined],
  ["127,0,0,1,-4,1", undefined],
  ["0x7f,0,0,1,4,1", undefined],
  ["1270014,1", undefined],
])("parsePort(%j) is %j", (argument, expected) => {
  expect(parsePort(argument)).toEqual(expected);
});

test.each([
  ["|1|127.0.0.1|1025|", { host: "127.0.0.1", port: 1025 }],
  ["|2|::1|1025|", { host: "0:0:0:0:0:0:0:1", port: 1025 }],
  ["!2!::ffff:127.0.0.1!1025!", { host: "127.0.0.1", port: 1025 }],
  ["|3|127.0.0.1|1025|", "unsupported"],
  ["", undefined],
  ["|", undefined],
  ["|1|127.0.0.1|1025", undefined],
  ["|1|127.0.0.1|65536|", undefined],
  ["|1|::1|1025|", undefined],
  ["|2|127.0.0.1|1025|", undefined],
  ["|1|host.test|1025|", undefined],
  ["|1||1025|", undefined],
  ["1112.0.0.112102511", undefined],
  ["|1|127.0.0.1|1025|x", undefined],
])("parseExtendedPort(%j) is %j", (argument, expected) => {
  expect(parseExtendedPort(argument)).toEqual(expected);
});

test("passive addresses are written as RFC 959 and RFC 2428 show them", () => {
  expect(formatPassive("192.168.0.7", 40_001)).toBe("Entering Passive Mode (192,168,0,7,156,65).");
  expect(formatExtendedPassive(40_001)).toBe("Entering Extended Passive Mode (|||40001|)");
});

test("one machine's address is the same in every spelling", () => {
  expect(isSameHost("::ffff:127.0.0.1", "127.0.0.1")).toBe(true);
  expect(isSameHost("::ffff:7f00:1", "127.0.0.1")).toBe(true);
  expect(isSameHost("::1", "0:0:0:0:0:0:0:1")).toBe(true);
  expect(isSameHost("FE80::1%eth0", "fe80:0::1")).toBe(true);
  expect(isSameHost("::1", "127.0.0.1")).toBe(false);
  expect(isSameHost("127.0.0.1", "127.0.0.2")).toBe(false);
});
