/**
 * A process that is asked, and the one that asks it: a message there, a message back, over the channel that Node gives
 * to its children. The child ends with whoever started it.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

/** A process of ours that answers. */
export interface AskedProcess<Ready> {
  readonly pid: number;
  /** What it said when it was ready. */
  readonly ready: Ready;
  /** @throws Error what went wrong there, or that it ended */
  ask<Answer>(request: unknown): Promise<Answer>;
  stop(): Promise<void>;
}

/**
 * Start a command that runs a file of ours, which calls `answerRequests`, and wait until it is ready.
 * @param command the program and its arguments; `process.execPath` and a file, or something that runs these
 */
export async function startAsked<Ready>(command: readonly string[]): Promise<AskedProcess<Ready>> {
  const [program = "", ...args] = command;
  const name = command.join(" ");
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const ready = await nextAnswer<Ready>(child, name);
  return {
    pid: child.pid ?? 0,
    ready,
    async ask<Answer>(request: unknown) {
      const answer = nextAnswer<Answer>(child, name);
      child.send({ request });
      return await answer;
    },
    stop: () => stopChild(child),
  };
}

/** In the process that is asked: say that it is ready, and answer what it is asked, one request after the other. */
export function answerRequests(ready: object, answer: (request: never) => unknown): void {
  process.on("message", ({ request }: { request: never }) => {
    (async () => await answer(request))().then(
      (answered) => process.send?.(answered ?? {}),
      (error: unknown) =>
        process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
  process.on("disconnect", () => process.exit());
  process.send?.(ready);
}

/** What a child says next. */
export async function nextAnswer<Answer>(child: ChildProcess, name: string): Promise<Answer> {
  return await new Promise((resolve, reject) => {
    const settle = (): void => {
      child.off("message", message);
      child.off("exit", exit);
      child.off("error", fail);
    };
    const fail = (error: Error): void => {
      settle();
      reject(error);
    };
    const exit = (code: number | null): void =>
      fail(new Error(`${name} ended with ${code} before it answered`));
    const message = (answer: unknown): void => {
      settle();
      if (answer instanceof Object && "error" in answer)
        reject(new Error(`${name}: ${String(answer.error)}`));
      else resolve(answer as Answer);
    };
    child.once("exit", exit);
    child.once("error", fail);
    child.once("message", message);
  });
}

/** End a child at once, and wait until it is gone. */
export async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill("SIGKILL");
  await exit;
}
