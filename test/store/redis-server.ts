import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { pathOf, scratch } from "../peers/tools.ts";

/** Somebody else's server, on a unix socket of its own. */
export interface RedisServer extends AsyncDisposable {
  readonly path: string;
  readonly folder: string;
}

/** Start Debian's redis-server. @param folder where it keeps its files; one of its own when left out */
export async function startRedis(folder?: string, flags: readonly string[] = []): Promise<RedisServer> {
  const own = scratch();
  const path = join(own.path, "redis.sock");
  const within = folder ?? own.path;
  const child = spawn(
    pathOf("redis-server") ?? "redis-server",
    ["--port", "0", "--unixsocket", path, "--dir", within, "--save", "", ...flags],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  let log = "";
  await new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`redis-server ended with ${code}:\n${log}`)));
    child.stdout.on("data", (chunk: Buffer) => {
      log += chunk.toString();
      if (log.includes("The server is now ready to accept connections at")) resolve();
    });
  });
  child.removeAllListeners("exit");
  return {
    path,
    folder: within,
    [Symbol.asyncDispose]: async () => {
      const gone = once(child, "exit");
      child.kill("SIGTERM");
      await gone;
      own[Symbol.dispose]();
    },
  };
}
