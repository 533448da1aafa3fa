import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { run } from "./spawned.ts";

const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  readonly version: string;
  readonly scripts: Readonly<Record<string, string>>;
};
const commands = Object.entries(manifest.scripts)
  .filter(([, line]) => line.startsWith("node scripts/portside.ts "))
  .map(([name, line]) => [name, line.split(" ").at(-1) ?? ""] as const);

describe("portside", () => {
  test("lists exactly what npm run starts, each with a sentence", async () => {
    await using portside = run("portside", []);
    expect(await portside.ended).toBe(0);
    const listed = [...portside.stdout.matchAll(/^ {2}portside (\S+) +\S.*$/gm)].map(([, name]) => name);
    expect(new Set(listed)).toEqual(new Set(commands.map(([, command]) => command)));
  });

  test.each(commands)("npm run %s is portside %s, and explains itself", async (name, command) => {
    expect(command).toBe(name);
    await using portside = run("portside", [command, "--help"]);
    expect(await portside.ended).toBe(0);
    expect(portside.stderr).toBe("");
    expect(portside.stdout).toMatch(new RegExp(`^portside ${command}\\b`));
  });

  test("passes the flags on", async () => {
    await using portside = run("portside", ["smtp", "--smpt", ":0"]);
    expect(await portside.ended).toBe(1);
    expect(portside.stderr).toBe(
      "portside smtp: --smpt is not a flag of this command; did you mean --smtp?\n",
    );
  });

  test.each([
    ["smpt", "portside: smpt is not a command; did you mean portside smtp?\n"],
    ["frobnicate", "portside: frobnicate is not a command; see portside --help\n"],
    ["constructor", "portside: constructor is not a command; see portside --help\n"],
  ])("%s is no command", async (name, sentence) => {
    await using portside = run("portside", [name]);
    expect(await portside.ended).toBe(1);
    expect(portside).toMatchObject({ stdout: "", stderr: sentence });
  });

  test("--version is the package's", async () => {
    await using portside = run("portside", ["--version"]);
    expect(await portside.ended).toBe(0);
    expect(portside.stdout).toBe(`${manifest.version}\n`);
  });
});
