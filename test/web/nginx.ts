import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { accepts, pathOf, portForOthers } from "../peers/tools.ts";

/** nginx with one worker over a folder, as Debian builds it. */
export interface Nginx extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
}

/** @param scratch a folder for its own files @param root what it serves */
export async function startNginx(scratch: string, root: string): Promise<Nginx> {
  const port = await portForOthers();
  const config = join(scratch, "nginx.conf");
  const folders = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  writeFileSync(
    config,
    `daemon off; master_process off; pid ${scratch}/nginx.pid; error_log /dev/null;
     events { worker_connections 512; }
     http {
       access_log off; absolute_redirect off; default_type application/octet-stream;
       ${folders.map((name) => `${name}_temp_path ${scratch}/${name};`).join(" ")}
       types { text/html html; text/plain txt; text/css css; }
       server { listen 127.0.0.1:${port}; root ${root}; disable_symlinks off; }
     }`,
  );
  const child = spawn(pathOf("nginx") ?? "nginx", ["-p", scratch, "-c", config, "-e", "/dev/null"], {
    stdio: "ignore",
  });
  const ended = once(child, "exit");
  for (let tries = 0; !(await accepts(port)); tries += 1) {
    if (child.exitCode !== null || tries > 500) throw new Error(`nginx does not start (${child.exitCode})`);
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 10))]);
  }
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
