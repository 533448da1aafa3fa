import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { nextAnswer, stopChild } from "../asked-process.ts";

/** A process that takes part in a bench. */
export interface BenchProcess {
  readonly pid: number;
  /** Where it listens; 0 when it does not. */
  readonly port: number;
  /** Ask something of a process that runs one of our files (see child.ts). */
  ask<Answer>(request: unknown): Promise<Answer>;
  stop(): Promise<void>;
}

/**
 * Start one of our files in a Node process of its own and wait until it says it is ready.
 * @param file relative to this folder
 */
export async function startFile(
  file: string,
  args: readonly string[] = [],
  execArgv: string[] = [],
): Promise<BenchProcess> {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const child = fork(path, args, { execArgv, stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const ready = await nextAnswer<{ port?: number }>(child, file);
  return {
    pid: child.pid ?? 0,
    port: ready.port ?? 0,
    async ask<Answer>(request: unknown) {
      const answer = nextAnswer<Answer>(child, file);
      child.send({ request });
      return await answer;
    },
    stop: () => stopChild(child),
  };
}

/**
 * Start somebody else's server and wait until it accepts connections. These programs cannot tell a port they were
 * given by the kernel, so a free one is looked for first.
 */
export async function startForeign(
  command: string,
  args: (port: number) => readonly string[],
): Promise<BenchProcess> {
  const port = await freePort();
  const child = spawn(command, args(port), { stdio: "ignore" });
  // Ours end when the bench does; others would live on.
  const kill = (): boolean => child.kill("SIGKILL");
  process.once("exit", kill);
  child.once("exit", () => process.off("exit", kill));
  const failed = once(child, "error").then(([error]) => {
    throw error;
  });
  await Promise.race([accepting(port, child, command), failed]);
  failed.catch(() => {});
  return {
    pid: child.pid ?? 0,
    port,
    ask: () => Promise.reject(new TypeError(`${command} answers no questions`)),
    stop: () => stopChild(child),
  };
}

/** Run a program to its end. @returns seconds and what it printed @throws Error when it did not exit with 0 */
export async function runProgram(
  command: string,
  args: readonly string[],
): Promise<{ seconds: number; output: string }> {
  const begin = performance.now();
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  const seconds = (performance.now() - begin) / 1_000;
  const output = Buffer.concat(chunks).toString();
  if (code !== 0)
    throw new Error(`${command} ${args.join(" ")} ended with ${code ?? signal}: ${output.slice(-500)}`);
  return { seconds, output };
}

/** CPU time of a process. */
export interface CpuUsage {
  /** All its threads, in milliseconds. */
  readonly cpuMs: number;
  /** Its main thread: milliseconds it ran, or was ready to run and had to wait for a processor. */
  readonly wantedMs: number;
}

/** @returns what the kernel has counted so far; nothing where there is no `/proc` */
export function cpuUsage(pid: number): CpuUsage | undefined {
  try {
    let cpuMs = 0;
    for (const thread of readdirSync(`/proc/${pid}/task`))
      cpuMs += schedule(`/proc/${pid}/task/${thread}/schedstat`)[0];
    const [ran, waited] = schedule(`/proc/${pid}/schedstat`);
    return { cpuMs, wantedMs: ran + waited };
  } catch {
    return undefined;
  }
}

/** Memory that a process holds, in bytes. @throws Error where there is no `/proc` */
export function residentBytes(pid: number): number {
  const match = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Number(match?.[1] ?? NaN) * 1_024;
}

function schedule(path: string): [ran: number, waited: number] {
  const [ran, waited] = readFileSync(path, "utf8").split(" ").map(Number);
  return [(ran ?? 0) / 1e6, (waited ?? 0) / 1e6];
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address ? address.port : 0;
}

async function accepting(port: number, child: ChildProcess, command: string): Promise<void> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const socket = connect(port, "127.0.0.1");
    const isOpen = await once(socket, "connect").then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isOpen) return;
    if (child.exitCode !== null) throw new Error(`${command} ended with ${child.exitCode}`);
    if (Date.now() > deadline) throw new Error(`${command} does not accept connections on port ${port}`);
    await wait(20);
  }
}
