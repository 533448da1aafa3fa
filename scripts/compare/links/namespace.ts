import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { promisify } from "node:util";
import { stopChild } from "../../asked-process.ts";

const run = promisify(execFile);
/** Without IPv6, whose neighbour discovery would be counted. It lives as long as its input, which is this process. */
const setUp =
  "echo 1 2>/dev/null >/proc/sys/net/ipv6/conf/all/disable_ipv6; ip link set lo up && echo up && exec cat";

/** A network of its own, with nothing in it but a loopback device (`man 7 network_namespaces`). */
export interface Namespace extends AsyncDisposable {
  readonly pid: number;
  /** What stands before a command that runs in it. */
  readonly enter: readonly string[];
  /** Run a program in it to its end. @throws Error when it fails */
  run(...command: readonly string[]): Promise<void>;
}

/**
 * Make one. Root may; others may where user namespaces are allowed.
 * @throws Error where it is not allowed, or a tool is missing (util-linux, iproute2)
 */
export async function openNamespace(): Promise<Namespace> {
  const asUser = process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"];
  const holder = spawn("unshare", [...asUser, "--net", "sh", "-c", setUp], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  await isUp(holder);
  const pid = holder.pid!;
  const user = asUser.length === 0 ? [] : ["--user", "--preserve-credentials"];
  const enter = ["nsenter", ...user, "--net", "--target", String(pid), "--"];
  return {
    pid,
    enter,
    async run(...command) {
      await run(enter[0]!, [...enter.slice(1), ...command]);
    },
    [Symbol.asyncDispose]: () => stopChild(holder),
  };
}

async function isUp(holder: ChildProcess): Promise<void> {
  const failed = Promise.race([once(holder, "exit"), once(holder, "error")]).then(([why]) => {
    throw new Error(
      `no network of one's own here (${why instanceof Error ? why.message : `unshare: ${why}`})`,
    );
  });
  await Promise.race([once(holder.stdout!, "data"), failed]);
  failed.catch(() => {});
}
