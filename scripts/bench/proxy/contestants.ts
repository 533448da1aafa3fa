import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Contestant, Runner, Sample } from "../harness.ts";
import { type BenchProcess, startFile, startForeign } from "../process.ts";
import { sampled } from "../sample.ts";
import { areInstalled, ownVersion, programVersion } from "../versions.ts";
import { startingWarm } from "../warm-start.ts";
import { gigabyte, makeGround } from "../web/ground.ts";
import { curl, wrk } from "../web/loads.ts";
import { startNginx } from "../web/nginx.ts";

/** Something in front of a web server, in a process of its own. */
interface MiddleServer {
  readonly name: string;
  version(): string | undefined;
  start(folder: string, originPort: number): Promise<BenchProcess>;
}

export const ourForward: MiddleServer = {
  name: "portside",
  version: ownVersion,
  start: (_, port) => startFile("proxy/servers/portside.ts", [`127.0.0.1:${port}`]),
};

export const ourProxy: MiddleServer = {
  name: "portside",
  version: ownVersion,
  start: () => startFile("proxy/servers/portside.ts"),
};

/** One thread, in TCP mode. */
export const haproxy: MiddleServer = {
  name: "haproxy",
  version: () => programVersion("haproxy", ["-v"], /version ([\d.]+)/),
  start: (folder, originPort) =>
    startForeign("haproxy", (port) => {
      const timeouts = "timeout connect 5s\n timeout client 60s\n timeout server 60s";
      const text = `global\n nbthread 1\n maxconn 4000\ndefaults\n mode tcp\n ${timeouts}\nlisten forward\n bind 127.0.0.1:${port}\n server origin 127.0.0.1:${originPort}\n`;
      writeFileSync(join(folder, "haproxy.cfg"), text);
      return ["-db", "-f", join(folder, "haproxy.cfg")];
    }),
};

export const tinyproxy: MiddleServer = {
  name: "tinyproxy",
  version: () => programVersion("tinyproxy", ["-v"], /tinyproxy ([\d.]+)/),
  start: (folder) =>
    startForeign("tinyproxy", (port) => {
      const text = `Port ${port}\nListen 127.0.0.1\nTimeout 60\nMaxClients 100\nLogLevel Error\nLogFile "/dev/null"\n`;
      writeFileSync(join(folder, "tinyproxy.conf"), text);
      return ["-d", "-c", join(folder, "tinyproxy.conf")];
    }),
};

export const dante: MiddleServer = {
  name: "dante",
  version: () => programVersion("danted", ["-v"], /v([\d.]+)/),
  start: (folder) =>
    startForeign("danted", (port) => {
      const lines = [
        "logoutput: /dev/null",
        `internal: 127.0.0.1 port = ${port}`,
        "external: lo",
        "clientmethod: none",
        "socksmethod: none",
        "user.privileged: root",
        "user.unprivileged: root",
        "client pass { from: 127.0.0.0/8 to: 0.0.0.0/0 }",
        "socks pass { from: 127.0.0.0/8 to: 0.0.0.0/0 }",
      ];
      writeFileSync(join(folder, "danted.conf"), `${lines.join("\n")}\n`);
      return ["-f", join(folder, "danted.conf"), "-p", join(folder, "danted.pid")];
    }),
};

/** 32 connections that ask for 1 KB through a forward for a second; each for one answer, or kept alive. */
export function underWrk(server: MiddleServer, keepsAlive: boolean): Contestant {
  const fields = keepsAlive ? [] : ["-H", "Connection: close"];
  return inFrontOfNginx(server, "wrk", (running) =>
    sampled(running, () => wrk(running.port, "-c32", ...fields)),
  );
}

/** One download of a gigabyte through a tunnel. @param flags of curl in front of the proxy's address */
export function underCurl(server: MiddleServer, flags: readonly string[]): Contestant {
  return inFrontOfNginx(server, "curl", async (running, originPort) => {
    const seconds = await curl(originPort, "--noproxy", "", ...flags, `127.0.0.1:${running.port}`);
    return { value: gigabyte / 1_048_576 / seconds, seconds };
  });
}

/** How long a proxy takes to start in a process that is warm. */
export const inProcessStart: Contestant = startingWarm("startProxy()", "proxy/servers/portside.ts");

function inFrontOfNginx(
  server: MiddleServer,
  tool: string,
  measure: (running: BenchProcess, originPort: number) => Promise<Sample>,
): Contestant {
  return {
    name: server.name,
    version: () => (areInstalled("nginx", tool) ? server.version() : undefined),
    open: async (): Promise<Runner> => {
      const ground = makeGround("proxy");
      const origin = await startNginx(ground.folder);
      const running = await server.start(ground.folder, origin.port);
      return {
        run: () => measure(running, origin.port),
        close: async () => {
          await Promise.all([running.stop(), origin.stop()]);
          ground.remove();
        },
      };
    },
  };
}
