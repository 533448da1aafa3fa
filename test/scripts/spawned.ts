import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** A command of ours that runs as a person runs it: a process of its own. */
export interface Spawned extends AsyncDisposable {
  /** What it has said until now. */
  readonly stdout: string;
  readonly stderr: string;
  signal(name: NodeJS.Signals): void;
  /** Its exit code, when it has ended. */
  readonly ended: Promise<number | null>;
  /** Resolved as soon as stdout or stderr says this; rejected when the process ends before. */
  said(stream: "stdout" | "stderr", what: RegExp): Promise<string>;
}

/** The addresses of the ready line. */
export type Ready = Readonly<Record<"smtp" | "smtps" | "inbox" | "ftp", string>>;

const scripts = new URL("../../scripts/", import.meta.url);

/** Run `scripts/<name>.ts`, without the environment's own Portside variables. */
export function run(
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Spawned {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(?:MP_|PORTSIDE_|FORCE_COLOR)/.test(name),
  );
  const child = spawn(process.execPath, [fileURLToPath(new URL(`${name}.ts`, scripts)), ...args], {
    env: { ...Object.fromEntries(inherited), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const heard = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (text: string) => (heard[stream] += text));
  }
  const ended = once(child, "close").then(([code]) => code as number | null);
  return {
    get stdout() {
      return heard.stdout;
    },
    get stderr() {
      return heard.stderr;
    },
    signal: (name) => void child.kill(name),
    ended,
    said: (stream, what) => until(child, stream, () => what.exec(heard[stream])?.[0], heard),
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/** Run a server command on free ports with `--json`, and wait for its ready line. */
export async function runServer(
  name: string,
  args: readonly string[] = [],
  env?: Readonly<Record<string, string>>,
): Promise<Spawned & { readonly ready: Ready }> {
  const spawned = run(name, ["--smtp", "127.0.0.1:0", "--listen", ":0", "--json", ...args], env);
  const ready = JSON.parse(await spawned.said("stdout", /^.*\n/)) as Ready;
  return Object.assign(Object.create(spawned) as Spawned, { ready });
}

async function until(
  child: ChildProcess,
  stream: "stdout" | "stderr",
  found: () => string | undefined,
  heard: Readonly<Record<string, string>>,
): Promise<string> {
  const source = child[stream];
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const text = found();
      if (text === undefined) return;
      source?.off("data", look);
      resolve(text);
    };
    source?.on("data", look);
    child.once("close", (code) =>
      reject(new Error(`it ended with ${code} before: ${JSON.stringify(heard)}`)),
    );
    look();
  });
}
