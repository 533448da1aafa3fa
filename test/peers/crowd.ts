import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/**
 * So many clients that connect and say nothing, in a process of their own: what this process grows by is the server's.
 * @param size a multiple of 200
 * @returns when all are connected; they go when it is disposed of
 */
export async function crowdAt(port: number, size: number): Promise<AsyncDisposable> {
  const file = fileURLToPath(new URL("crowd-process.ts", import.meta.url));
  const crowd = fork(file, [String(port), String(size)]);
  const gone = once(crowd, "exit");
  const [first] = (await Promise.race([once(crowd, "message"), gone])) as [unknown];
  if (first !== "here") throw new Error(`the crowd of ${size} did not come: it ended with ${String(first)}`);
  return {
    [Symbol.asyncDispose]: async () => {
      crowd.kill("SIGKILL");
      await gone;
    },
  };
}

/** Memory of this process after the garbage is gone, as far as it can be told without the flag. */
export function heapBytes(): number {
  globalThis.gc?.();
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return heapUsed + external + arrayBuffers;
}
