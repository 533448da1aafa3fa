import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { sharedLeaf } from "../../../wire/certificate.ts";
import { type BenchProcess, startFile, startForeign } from "../process.ts";
import { ownVersion, packageVersion, printed, programVersion } from "../versions.ts";
import { theGround } from "./ground.ts";

/** A file server that a case can start, in a process of its own; it lets `anonymous` in. */
export interface FileServer {
  readonly name: string;
  version(): string | undefined;
  /** Whether a process of its own serves each session, so that the CPU time of this one says nothing. */
  readonly isForking?: true;
  start(execArgv?: string[]): Promise<BenchProcess>;
}

export const portside: FileServer = {
  name: "portside",
  version: ownVersion,
  start: (execArgv) => startFile("ftp/servers/portside.ts", [theGround().root], execArgv),
};

/** The same files in memory. */
export const portsideMemory: FileServer = {
  ...portside,
  start: (execArgv) => startFile("ftp/servers/portside.ts", [theGround().root, "memory"], execArgv),
};

export const vsftpd: FileServer = {
  name: "vsftpd",
  isForking: true,
  version: vsftpdVersion,
  start: () => startForeign("/usr/sbin/vsftpd", (port) => [vsftpdConfiguration(port, false)]),
};

export const vsftpdTls: FileServer = {
  ...vsftpd,
  start: () => startForeign("/usr/sbin/vsftpd", (port) => [vsftpdConfiguration(port, true)]),
};

export const pyftpdlib: FileServer = {
  name: "pyftpdlib",
  version: () => printed("/usr/bin/python3", ["-c", "import pyftpdlib; print(pyftpdlib.__ver__)"]),
  start: () =>
    startForeign("/usr/bin/python3", (port) => [
      `${import.meta.dirname}/servers/serve-pyftpdlib.py`,
      String(port),
      theGround().root,
    ]),
};

export const ftpSrv: FileServer = {
  name: "ftp-srv",
  version: () => packageVersion("ftp-srv"),
  start: () => startFile("ftp/servers/ftp-srv.ts", [theGround().root]),
};

function vsftpdConfiguration(port: number, hasTls: boolean): string {
  const { root } = theGround();
  const base = dirname(root);
  mkdirSync(join(base, "empty"), { recursive: true });
  const pem = join(base, "vsftpd.pem");
  const { cert, key } = sharedLeaf();
  writeFileSync(pem, key + cert, { mode: 0o600 });
  const settings = {
    listen: "YES",
    listen_address: "127.0.0.1",
    listen_port: port,
    background: "NO",
    anonymous_enable: "YES",
    anon_root: root,
    no_anon_password: "YES",
    anon_upload_enable: "YES",
    anon_mkdir_write_enable: "YES",
    anon_other_write_enable: "YES",
    anon_umask: "022",
    write_enable: "YES",
    local_enable: "NO",
    secure_chroot_dir: join(base, "empty"),
    seccomp_sandbox: "NO",
    xferlog_enable: "NO",
    max_per_ip: 0,
    max_clients: 0,
    ...(hasTls && {
      ssl_enable: "YES",
      allow_anon_ssl: "YES",
      rsa_cert_file: pem,
      require_ssl_reuse: "NO",
      ssl_ciphers: "HIGH",
    }),
  };
  const file = join(base, `vsftpd-${port}.conf`);
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(file, lines.join(""), { mode: 0o600 });
  return file;
}

/** It tells its version on standard input's descriptor, of all places. */
function vsftpdVersion(): string | undefined {
  return programVersion("/bin/sh", ["-c", "/usr/sbin/vsftpd -version 0>&1"], /([\d.]+)/);
}
