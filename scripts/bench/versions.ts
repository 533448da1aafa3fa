import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** What a bench tells of who takes part: the exact version, or nothing when it is not installed here. */

const require = createRequire(import.meta.url);

/** Ours. */
export const ownVersion = (): string => versionIn("../../package.json");

/** An npm package's. */
export function packageVersion(name: string): string | undefined {
  try {
    return versionIn(`${name}/package.json`);
  } catch {
    return undefined;
  }
}

/** A program's, cut out of what it says about itself. @param pattern its first group is the version */
export function programVersion(
  command: string,
  args: readonly string[],
  pattern: RegExp,
): string | undefined {
  const { stdout, stderr, error } = spawnSync(command, args, { encoding: "utf8" });
  return error ? undefined : pattern.exec(`${stdout}${stderr}`)?.[1];
}

/** What a program prints; nothing when it is missing or fails. */
export function printed(command: string, args: readonly string[]): string | undefined {
  const { stdout, status } = spawnSync(command, args, { encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}

/** Whether all of these programs can be started. */
export function areInstalled(...commands: readonly string[]): boolean {
  return commands.every((command) => !spawnSync(command, ["--version"]).error);
}

function versionIn(file: string): string {
  return (JSON.parse(readFileSync(require.resolve(file), "utf8")) as { version: string }).version;
}
