import { runTool } from "../../peers/tools.ts";
import { authority, encoded, type Peer, type Target } from "./peer.ts";

const run = async (target: Target, path: string, ...args: readonly string[]): Promise<string> => {
  const url = `${target.tls === "implicit" ? "ftps" : "ftp"}://${authority(target)}${encoded(path)}`;
  const options = [
    "-sS",
    "--globoff",
    "--insecure",
    "--max-time",
    "15",
    "-u",
    `${target.user}:${target.password}`,
  ];
  if (target.tls === "explicit") options.push("--ssl-reqd");
  if (target.mode === "active") options.push("--ftp-port", "-");
  return (await runTool("curl", [...options, ...args, url])).stdout;
};

const quote = (target: Target, ...commands: readonly string[]): Promise<string> =>
  run(target, "/", "-I", ...commands.flatMap((command) => ["-Q", command]));

export const curl: Peer = {
  name: "curl",
  needs: ["curl"],
  // Before curl 8 an active connection with TLS hangs, with pyftpdlib too: the handshake is never begun.
  speaks: ({ tls, mode }) => tls === "none" || mode === "passive",
  put: async (target, local, remote) => void (await run(target, remote, "-T", local, "--ftp-create-dirs")),
  get: async (target, remote, local) => void (await run(target, remote, "-o", local)),
  list: (target, folder) => run(target, `${folder}/`),
  resumeGet: async (target, remote, local) => void (await run(target, remote, "-C", "-", "-o", local)),
  resumePut: async (target, local, remote) => void (await run(target, remote, "-C", "-", "-T", local)),
  append: async (target, local, remote) => void (await run(target, remote, "-a", "-T", local)),
  makeFolder: async (target, folder) => void (await quote(target, `MKD ${folder}`)),
  removeFolder: async (target, folder) => void (await quote(target, `RMD ${folder}`)),
  remove: async (target, path) => void (await quote(target, `DELE ${path}`)),
  rename: async (target, from, to) => void (await quote(target, `RNFR ${from}`, `RNTO ${to}`)),
  getText: async (target, remote, local) => void (await run(target, remote, "--use-ascii", "-o", local)),
  size: (target, path) => run(target, path, "-I"),
};
