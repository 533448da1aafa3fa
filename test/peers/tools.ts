import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, isAbsolute, join } from "node:path";

/** Folders of programs that are not on everybody's PATH. */
const systemFolders = ["/usr/sbin", "/sbin"];

/** Debian's Python: the one that its python3-* packages belong to. */
export const python = "/usr/bin/python3";

/**
 * Options for a test that needs programs of somebody else: it is skipped where one is missing. On CI it is not, so
 * that it fails there.
 * @example
 * test("curl sends a mail", needs("curl"), async () => { … });
 */
export function needs(...names: readonly string[]): { readonly skip: boolean } {
  return { skip: !process.env["CI"] && names.some((name) => pathOf(name) === undefined) };
}

/** Where a program is; undefined when it is nowhere. */
export function pathOf(name: string): string | undefined {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), ...systemFolders];
  const candidates = isAbsolute(name) ? [name] : folders.map((folder) => join(folder, name));
  return candidates.find(isExecutable);
}

/** What a program said before it ended. */
export interface ToolRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to run a program. */
export interface ToolOptions {
  /** Goes to its standard input. */
  readonly input?: string | Uint8Array;
  /** In addition to PATH, HOME and the like. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** The exit codes that are right; `any` to look at it yourself. @default [0] */
  readonly codes?: readonly number[] | "any";
}

/**
 * Run somebody else's program, without a shell, while this process goes on serving it.
 * @throws Error when it ends with another code than it should; with all it said
 */
export async function runTool(
  name: string,
  args: readonly string[],
  { input, env = {}, cwd, codes = [0] }: ToolOptions = {},
): Promise<ToolRun> {
  const child = spawn(pathOf(name) ?? name, args, { env: { ...process.env, ...env }, cwd });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
  // A program that does not read its input is none of our business.
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const run = { code, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() };
  if (codes === "any" || (code !== null && codes.includes(code))) return run;
  throw new Error(`${name} ${args.join(" ")} ended with ${code}:\n${run.stdout}${run.stderr}`);
}

/** A folder of a test's own, gone when the test is over. */
export interface Scratch extends Disposable {
  readonly path: string;
  /** Write a file into it. @returns its path */
  file(name: string, content: string | Uint8Array, mode?: number): string;
}

/** Make one: `using folder = scratch();` */
export function scratch(): Scratch {
  const path = mkdtempSync(join(tmpdir(), "portside-"));
  return {
    path,
    file: (name, content, mode = 0o600) => {
      const file = join(path, name);
      writeFileSync(file, content, { mode });
      return file;
    },
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * A port for a program that cannot be given 0: free for TCP and UDP a moment ago, and below those that the kernel hands
 * out for connections, which could take it in between.
 */
export async function portForOthers(): Promise<number> {
  for (;;) {
    const port = 10_000 + randomInt(22_000);
    const tcp = createServer();
    const udp = createSocket("udp4");
    try {
      tcp.listen(port, "127.0.0.1");
      await once(tcp, "listening");
      udp.bind(port, "127.0.0.1");
      await once(udp, "listening");
      return port;
    } catch {
      // Somebody is there; try the next one.
    } finally {
      tcp.close();
      udp.close();
    }
  }
}

/** Whether somebody listens there: a program that cannot say when it is ready. */
export async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
