import { describe, expect, test } from "vitest";
import { command, helpText, parseCommandLine } from "../../scripts/command-line.ts";
import { typed } from "../../scripts/command-line/typed.ts";
import {
  durationMs,
  listenAddress,
  positiveNumber,
  text,
  toggle,
  value,
  values,
} from "../../scripts/command-line/flags.ts";

const sample = command({
  name: "sample",
  summary: "Shows how flags are read.",
  examples: ["portside sample --max 5"],
  flags: {
    listen: values(
      { argument: "[ip]:port", help: "where to listen", env: ["MP_UI_BIND_ADDR"] },
      listenAddress,
    ),
    max: value({ argument: "N", help: "the most", letter: "m" }, positiveNumber),
    maxAge: value({ argument: "AGE", help: "the oldest", env: ["MP_MAX_AGE"] }, durationMs),
    tlsCert: value({ argument: "FILE", help: "certificate", aliases: ["smtp-tls-cert"] }, text),
    quiet: toggle({ help: "say nothing", letter: "q", env: ["MP_QUIET"] }),
  },
  run: () => Promise.resolve(0),
});
const read = (args: string[], env: Record<string, string> = {}): unknown =>
  parseCommandLine(sample, args, env);
const nothing = { listen: [], max: undefined, maxAge: undefined, tlsCert: undefined, quiet: false };

describe("flags", () => {
  test("are all optional", () => {
    expect(read([])).toEqual(nothing);
  });

  test.each([
    [["--max", "5"], { max: 5 }],
    [["--max=5"], { max: 5 }],
    [["-m", "5"], { max: 5 }],
    [["-m5", "-q"], { max: 5, quiet: true }],
    [["--max", "5", "--max", "6"], { max: 6 }],
    [["--max-age", "3d"], { maxAge: 259_200_000 }],
    [["--max-age", "1.5h"], { maxAge: 5_400_000 }],
    [["--tls-cert", "a.pem"], { tlsCert: "a.pem" }],
    [["--smtp-tls-cert", "a.pem"], { tlsCert: "a.pem" }],
    [["--quiet"], { quiet: true }],
  ])("%j", (args, options) => {
    expect(read(args)).toEqual({ ...nothing, ...options });
  });

  test.each([
    ["1025", { host: "127.0.0.1", port: 1025 }],
    [":1025", { host: "127.0.0.1", port: 1025 }],
    ["[::1]:0", { host: "::1", port: 0 }],
    ["0.0.0.0:25", { host: "0.0.0.0", port: 25 }],
    ["localhost:25", { host: "localhost", port: 25 }],
  ])("--listen %s", (written, address) => {
    expect(read(["--listen", written, "--listen", ":1"])).toEqual({
      ...nothing,
      listen: [address, { host: "127.0.0.1", port: 1 }],
    });
  });

  test("come from the environment, by Portside's name before the name of others", () => {
    expect(read([], { MP_QUIET: "true", MP_MAX_AGE: "1d", PORTSIDE_MAX_AGE: "2d" })).toEqual({
      ...nothing,
      quiet: true,
      maxAge: 172_800_000,
    });
    expect(read([], { MP_UI_BIND_ADDR: ":1 :2" })).toMatchObject({ listen: [{ port: 1 }, { port: 2 }] });
  });

  test("win over the environment", () => {
    expect(read(["--max-age", "3d"], { MP_MAX_AGE: "rubbish" })).toMatchObject({ maxAge: 259_200_000 });
  });
});

describe("complaints say what and what to do", () => {
  test.each([
    [["--lisen", ":1"], "--lisen is not a flag of this command; did you mean --listen?"],
    [["--frobnicate"], "--frobnicate is not a flag of this command; see --help"],
    [["-x"], "-x is not a flag of this command; see --help"],
    [["--max"], "--max needs a value: --max N"],
    [["--max", "--quiet"], "--max needs a value: --max N"],
    [["--max", "many"], '--max is "many"; give a whole number'],
    [["--max", "0"], "--max is 0; give a whole number from 1"],
    [["--max-age", "3"], '--max-age is "3"; give a number with a unit, such as 3d, 12h, 30m or 45s'],
    [
      ["--listen", "::1:25"],
      '--listen is "::1:25"; give [ip]:port, such as 127.0.0.1:1025, :1025 or [::1]:0',
    ],
    [
      ["--listen", ":65536"],
      '--listen is ":65536"; give [ip]:port, such as 127.0.0.1:1025, :1025 or [::1]:0',
    ],
    [["--quiet=maybe"], '--quiet is "maybe"; leave the value out, or say true or false'],
    [["1025"], '"1025" is not a flag; every value follows its flag, see --help'],
  ])("%j", (args, sentence) => {
    expect(() => read(args)).toThrow(sentence);
  });

  test("name the environment variable that is wrong", () => {
    expect(() => read([], { MP_QUIET: "maybe" })).toThrow('MP_QUIET is "maybe"');
  });
});

test("--help wins over everything else that can be read", () => {
  expect(read(["--max", "5", "-h"])).toBe("help");
});

test("the help text lists every flag with its argument and environment, and the examples", () => {
  const lines = helpText(sample).split("\n");
  expect(lines[0]).toBe("portside sample: Shows how flags are read.");
  expect(lines).toContain("      --listen [ip]:port  where to listen (repeatable) [MP_UI_BIND_ADDR]");
  expect(lines).toContain("  -m, --max N             the most");
  expect(lines).toContain("  -h, --help              this text");
  // From the sources a command is typed so; `portside` is there only where the package is installed.
  expect(lines).toContain("  npm run sample -- --max 5");
  expect(lines).toContain("Every flag can also come from the environment: --listen as PORTSIDE_LISTEN.");
});

test.each([
  ["portside start", "npm start"],
  ["portside start --smtp :0", "npm start -- --smtp :0"],
  ["portside chat", "npm run chat"],
  ["echo PING | portside talk redis://h --view hex", "echo PING | npm run talk -- redis://h --view hex"],
  ["curl http://127.0.0.1:8080/portside x", "curl http://127.0.0.1:8080/portside x"],
])("%j is typed %j", (packaged, here) => {
  expect(typed(packaged)).toBe(here);
});
