import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { sharedLeaf } from "../../../wire/certificate.ts";
import { portForOthers, type Scratch } from "../../peers/tools.ts";
import { type Other, startProgram } from "./other.ts";

/** vsftpd over a folder, for whom it calls anonymous; it needs to be started by root. */
export async function startVsftpd(root: string, folder: Scratch): Promise<Other> {
  const { cert, key } = sharedLeaf();
  const pem = folder.file("vsftpd.pem", key + cert);
  mkdirSync(join(folder.path, "empty"));
  const running: AsyncDisposable[] = [];
  const start = async (family: "IPv4" | "IPv6", isImplicit: boolean): Promise<number> => {
    const port = await portForOthers();
    const settings = {
      ...(family === "IPv4"
        ? { listen: "YES", listen_address: "127.0.0.1" }
        : { listen: "NO", listen_ipv6: "YES", listen_address6: "::1" }),
      listen_port: port,
      background: "NO",
      seccomp_sandbox: "NO",
      secure_chroot_dir: join(folder.path, "empty"),
      local_enable: "NO",
      anonymous_enable: "YES",
      anon_root: root,
      anon_upload_enable: "YES",
      anon_mkdir_write_enable: "YES",
      anon_other_write_enable: "YES",
      anon_world_readable_only: "NO",
      anon_umask: "000",
      file_open_mode: "0666",
      write_enable: "YES",
      ascii_download_enable: "YES",
      connect_from_port_20: "NO",
      max_per_ip: 0,
      ssl_enable: "YES",
      implicit_ssl: isImplicit ? "YES" : "NO",
      allow_anon_ssl: "YES",
      ssl_tlsv1: "YES",
      ssl_ciphers: "HIGH",
      require_ssl_reuse: "NO",
      rsa_cert_file: pem,
    };
    const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
    const file = folder.file(`vsftpd-${port}.conf`, lines.join(""));
    running.push(await startProgram("vsftpd", [file], family === "IPv4" ? "127.0.0.1" : "::1", port));
    return port;
  };
  const ports = {
    IPv4: { clear: await start("IPv4", false), implicit: await start("IPv4", true) },
    IPv6: { clear: await start("IPv6", false), implicit: await start("IPv6", true) },
  };
  return {
    user: "ftp",
    password: "secret",
    port: ({ family, tls }) => ports[family][tls === "implicit" ? "implicit" : "clear"],
    [Symbol.asyncDispose]: async () => {
      for (const program of running) await program[Symbol.asyncDispose]();
    },
  };
}
