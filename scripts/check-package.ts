import { execFile } from "node:child_process";
import { cp, glob, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/*
 * Proves what a user gets: the packed package installs into an empty project with few packages and nothing native,
 * its exports, types and command work on every Node that it is for, and the package checkers have no complaint.
 */
const root = fileURLToPath(new URL("../", import.meta.url));
const maxPackages = 12;
const nodeMajors = [22, 24, 26];

const run = promisify(execFile);
/** npm's settings that the npm above us has put into the environment are not those of an empty project. */
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));

const project = await mkdtemp(join(tmpdir(), "portside-package-"));
const command = join(project, "node_modules", "portside", "dist", "scripts", "portside.js");
try {
  await prove();
} catch {
  process.exitCode = 1;
} finally {
  await rm(project, { recursive: true, force: true });
}

async function prove(): Promise<void> {
  const tarball = await step("npm pack", pack);
  await step("publint", () => ours("publint", [tarball, "--strict"]));
  await step("attw", () => ours("attw", [tarball, "--profile", "esm-only"]));
  await step("npm install into an empty project", () => install(tarball));
  await step(`at most ${maxPackages} packages, nothing native`, countPackages);
  await step("a TypeScript project compiles", () => ours("tsc", ["-p", project]));
  await step("vitest beside it", installVitest);
  await step("a test with the fixtures compiles", () =>
    ours("tsc", ["-p", join(project, "tsconfig.vitest.json")]),
  );
  for (const major of nodeMajors)
    await step(`Node ${major}: the library, the command, the fixtures`, () => useOn(major));
}

async function step<Result>(name: string, act: () => Promise<Result>): Promise<Result> {
  const startMs = performance.now();
  try {
    const result = await act();
    console.log(`ok ${name} (${((performance.now() - startMs) / 1000).toFixed(1)} s)`);
    return result;
  } catch (error) {
    const { stdout = "", stderr = "", message } = error as Error & { stdout?: string; stderr?: string };
    console.error([`not ok ${name}: ${message}`, stdout, stderr].join("\n"));
    throw error;
  }
}

/** @returns the path of the tarball */
async function pack(): Promise<string> {
  const { stdout } = await run("npm", ["pack", "--silent", "--pack-destination", project], { cwd: root });
  return join(project, stdout.trim().split("\n").at(-1) ?? "");
}

/** Run a command of the repository's own packages in the project. */
async function ours(command: string, args: readonly string[]): Promise<void> {
  await run(join(root, "node_modules", ".bin", command), [...args], { cwd: project });
}

async function install(tarball: string): Promise<void> {
  await writeFile(join(project, "package.json"), JSON.stringify({ type: "module", private: true }));
  const args = ["install", "--no-audit", "--no-fund", "--ignore-scripts", tarball];
  await run("npm", args, { cwd: project, env: environment });
  await cp(join(root, "test", "package"), project, { recursive: true });
  const compilerOptions = {
    module: "nodenext",
    target: "es2024",
    // What a runtime must have for `await using`, which Node 22 has not.
    lib: ["es2024", "esnext.disposable"],
    strict: true,
    skipLibCheck: false,
    types: ["node"],
    typeRoots: [join(root, "node_modules", "@types")],
  };
  await writeFile(
    join(project, "tsconfig.json"),
    JSON.stringify({ compilerOptions, files: ["consumer.ts"] }),
  );
}

async function countPackages(): Promise<void> {
  const { packages } = JSON.parse(await readFile(join(project, "package-lock.json"), "utf8")) as {
    readonly packages: Readonly<Record<string, unknown>>;
  };
  const names = Object.keys(packages).filter((name) => name !== "");
  if (names.length > maxPackages) throw new Error(`${names.length} packages: ${names.join(", ")}`);
  const native = await Array.fromAsync(glob("node_modules/**/*.{node,gyp}", { cwd: project }));
  if (native.length > 0) throw new Error(`native addons: ${native.join(", ")}`);
}

/** The version of vitest that the repository uses; it does not count, and has native parts of its own. */
async function installVitest(): Promise<void> {
  const manifest = await readFile(join(root, "node_modules", "vitest", "package.json"), "utf8");
  const { version } = JSON.parse(manifest) as { readonly version: string };
  const args = ["install", "--no-audit", "--no-fund", "--prefer-offline", `vitest@${version}`];
  await run("npm", args, { cwd: project, env: environment });
  // Only ours are checked to the last; vitest's own declarations are its business.
  const compilerOptions = { skipLibCheck: true, noEmit: true };
  const settings = { extends: "./tsconfig.json", compilerOptions, files: ["inbox.test.ts"] };
  await writeFile(join(project, "tsconfig.vitest.json"), JSON.stringify(settings));
}

/** Run the compiled project and its test with another Node, which npm fetches. */
async function useOn(major: number): Promise<void> {
  const fetched = ["exec", "--yes", "--package", `node@${major}`, "--", "node", "-p", "process.execPath"];
  const { stdout: path } = await run("npm", fetched, { cwd: tmpdir(), env: environment });
  const node = path.trim();
  const options = { cwd: project, env: environment, timeout: 60_000 };
  const { stdout: version } = await run(node, ["--version"], options);
  if (!version.startsWith(`v${major}.`)) throw new Error(`asked for Node ${major}, got ${version}`);
  const { stdout } = await run(node, ["consumer.js", command], options);
  if (stdout !== "the consumer works\n") throw new Error(`the consumer said ${stdout}`);
  const vitest = join(project, "node_modules", "vitest", "vitest.mjs");
  await run(node, [vitest, "run", "inbox.test.ts"], options);
}
