import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { accepts, pathOf, portForOthers, type Scratch, scratch } from "../../peers/tools.ts";

/** A server of somebody else that runs on a port of this machine. */
export interface Program extends AsyncDisposable {
  readonly port: number;
}

/** Start a program that is told its port, and wait until it accepts. Told to end, it ends its own children too. */
async function start(name: string, args: (port: number, folder: Scratch) => string[]): Promise<Program> {
  const folder = scratch();
  const port = await portForOthers();
  const child = spawn(pathOf(name) ?? name, args(port, folder), { stdio: "ignore" });
  const ended = once(child, "exit");
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    await ended;
    folder[Symbol.dispose]();
  };
  for (let left = 500; !(await accepts(port)); left--) {
    if (child.exitCode !== null || left === 0) {
      await stop();
      throw new Error(`${name} does not accept connections (${child.exitCode})`);
    }
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 10))]);
  }
  return { port, [Symbol.asyncDispose]: stop };
}

/** tinyproxy: HTTP, to anywhere. */
export const startTinyproxy = (): Promise<Program> =>
  start("tinyproxy", (port, folder) => [
    "-d",
    "-c",
    folder.file(
      "conf",
      `Port ${port}\nListen 127.0.0.1\nTimeout 60\nMaxClients 20\nLogLevel Error\nLogFile "/dev/null"\n`,
    ),
  ]);

/** dante: SOCKS, from and to this machine. */
export const startDante = (): Promise<Program> =>
  start("danted", (port, folder) => {
    const conf = `logoutput: /dev/null
internal: 127.0.0.1 port = ${port}
external: lo
clientmethod: none
socksmethod: none
user.privileged: root
user.unprivileged: root
client pass { from: 127.0.0.0/8 to: 0.0.0.0/0 }
socks pass { from: 127.0.0.0/8 to: 0.0.0.0/0 }
`;
    return ["-f", folder.file("conf", conf), "-p", `${folder.path}/pid`];
  });

/** NSD with one zone, a master file. */
export const startNsd = (zone: string): Promise<Program> =>
  start("nsd", (port, folder) => {
    folder.file("example.zone", zone);
    const { path } = folder;
    const conf = `server:
 ip-address: 127.0.0.1@${port}
 username: ""
 chroot: ""
 database: ""
 zonesdir: ${path}
 pidfile: ${path}/pid
 xfrdfile: ${path}/xfrd
 zonelistfile: ${path}/zones
 cookie-secret-file: ""
remote-control:
 control-enable: no
zone:
 name: example.test
 zonefile: example.zone
`;
    return ["-d", "-c", folder.file("conf", conf)];
  });

/** vsftpd over a folder that everybody may write into; who has a certificate may ask for TLS. */
export const startVsftpd = (pem?: string): Promise<Program> =>
  start("vsftpd", (port, folder) => {
    const { path } = folder;
    mkdirSync(`${path}/root/pub`, { recursive: true, mode: 0o777 });
    mkdirSync(`${path}/empty`);
    const tls =
      pem === undefined
        ? []
        : [
            "ssl_enable=YES",
            "allow_anon_ssl=YES",
            `rsa_cert_file=${folder.file("cert.pem", pem)}`,
            "ssl_ciphers=HIGH",
            // As it comes: the data connection has to resume the session of the control connection.
            "require_ssl_reuse=YES",
          ];
    const conf = [
      "listen=YES",
      "listen_address=127.0.0.1",
      `listen_port=${port}`,
      "background=NO",
      "anonymous_enable=YES",
      `anon_root=${path}/root`,
      "anon_upload_enable=YES",
      "anon_umask=022",
      "write_enable=YES",
      "local_enable=NO",
      "run_as_launching_user=YES",
      `secure_chroot_dir=${path}/empty`,
      "seccomp_sandbox=NO",
      "xferlog_enable=NO",
      ...tls,
    ];
    return [folder.file("conf", `${conf.join("\n")}\n`)];
  });
