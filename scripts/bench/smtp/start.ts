import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { figureOf } from "../figure.ts";
import type { Contestant } from "../harness.ts";
import { startFile } from "../process.ts";
import { portside } from "./servers.ts";

/** The first `startSmtp()` of a fresh process, in milliseconds; what a test pays for its server. */
export const libraryStart: Contestant = {
  name: "startSmtp()",
  version: () => portside.version(),
  open: () =>
    Promise.resolve({ run: (count) => medianOf(count, startLibrary), close: () => Promise.resolve() }),
};

/** From the shell's word to the ready line, in milliseconds: the built command if there is one, or the source. */
export const commandStart: Contestant = {
  name: "portside smtp",
  version: () =>
    `${portside.version()} ${existsSync(built) ? "built" : "from source (npm run build was not run)"}`,
  open: () =>
    Promise.resolve({ run: (count) => medianOf(count, startCommand), close: () => Promise.resolve() }),
};

/** The same for the least that can be started: Node itself. */
export const nodeStart: Contestant = {
  name: "node -e 0",
  version: () => process.version,
  open: () => Promise.resolve({ run: (count) => medianOf(count, startNode), close: () => Promise.resolve() }),
};

const built = fileURLToPath(new URL("../../../dist/scripts/portside.js", import.meta.url));
const source = fileURLToPath(new URL("../../portside.ts", import.meta.url));

async function medianOf(
  count: number,
  measure: () => Promise<number>,
): Promise<{ value: number; seconds: number }> {
  const begin = performance.now();
  const times: number[] = [];
  while (times.length < count) times.push(await measure());
  return { value: figureOf(times).median, seconds: (performance.now() - begin) / 1_000 };
}

async function startLibrary(): Promise<number> {
  const child = await startFile("smtp/servers/first-start.ts");
  const { milliseconds } = await child.ask<{ milliseconds: number }>("how long");
  await child.stop();
  return milliseconds;
}

async function startCommand(): Promise<number> {
  const begin = performance.now();
  const file = existsSync(built) ? built : source;
  const child = spawn(process.execPath, [file, "smtp", "--json", "--smtp", ":0", "--listen", ":0"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exit = once(child, "exit");
  const isReady = await Promise.race([once(child.stdout, "data").then(() => true), exit.then(() => false)]);
  const milliseconds = performance.now() - begin;
  // As with Ctrl-C; what was compiled is kept then, and the next start finds it.
  child.kill("SIGTERM");
  await exit;
  if (!isReady) throw new Error("the command ended before its ready line");
  return milliseconds;
}

async function startNode(): Promise<number> {
  const begin = performance.now();
  await once(spawn(process.execPath, ["-e", "0"], { stdio: "ignore" }), "exit");
  return performance.now() - begin;
}
