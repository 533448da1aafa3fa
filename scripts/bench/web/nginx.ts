import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type BenchProcess, startForeign } from "../process.ts";

/** nginx over a folder: one worker, with what makes it fast, which is sendfile and open files kept. */
export function startNginx(folder: string): Promise<BenchProcess> {
  const file = join(folder, "nginx.conf");
  return startForeign("nginx", (port) => {
    writeFileSync(file, configuration(folder, port));
    return ["-p", folder, "-c", file, "-e", "/dev/null"];
  });
}

function configuration(folder: string, port: number): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  return `daemon off; master_process off; pid ${folder}/nginx.pid; error_log /dev/null;
events { worker_connections 512; }
http {
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; open_file_cache max=100;
  ${temporary.join(" ")}
  server { listen 127.0.0.1:${port} backlog=4096; root ${folder}; }
}`;
}
