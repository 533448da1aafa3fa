import { runProgram } from "../process.ts";
import type { Done } from "../sample.ts";
import { gigabyte } from "./ground.ts";

/** What wrk did in a second, and what it says went wrong with its connections. */
export interface WrkDone extends Done {
  readonly socketErrors: string | undefined;
}

/** Ask for 1 KB for a second, as fast as it comes. @throws Error for an answer that is none of 2xx */
export async function wrk(port: number, ...flags: readonly string[]): Promise<WrkDone> {
  const url = `http://127.0.0.1:${port}/1k.bin`;
  const { output } = await runProgram("wrk", ["-t1", "-d1s", ...flags, url]);
  const bad = /Non-2xx.*/.exec(output)?.[0];
  if (bad !== undefined) throw new Error(`wrk on port ${port}: ${bad}`);
  const [, count, seconds] = /(\d+) requests in ([\d.]+)s/.exec(output) ?? [];
  return {
    count: Number(count),
    seconds: Number(seconds),
    socketErrors: /Socket errors.*/.exec(output)?.[0],
  };
}

/** Download a gigabyte. @param flags of the way to the server @returns the seconds it took */
export async function curl(port: number, ...flags: readonly string[]): Promise<number> {
  const url = `http://127.0.0.1:${port}/1g.bin`;
  const args = ["-sS", ...flags, "-o", "/dev/null", "-w", "%{size_download}", url];
  const { seconds, output } = await runProgram("curl", args);
  if (output !== String(gigabyte)) throw new Error(`curl got ${output} bytes of ${gigabyte}`);
  return seconds;
}
