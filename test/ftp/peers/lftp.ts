import { runTool } from "../../peers/tools.ts";
import { authority, type Peer, type Target } from "./peer.ts";

/** A name between quotes, as lftp's shell reads them. */
const q = (name: string): string => `"${name.replace(/["\\]/g, "\\$&")}"`;

const run = async (target: Target, command: string): Promise<string> => {
  const settings = {
    "ssl:verify-certificate": "no",
    "ftp:ssl-allow": target.tls === "none" ? "no" : "yes",
    "ftp:ssl-force": target.tls === "explicit" ? "yes" : "no",
    "ftp:ssl-protect-data": "yes",
    "ftp:passive-mode": target.mode === "passive" ? "on" : "off",
    "net:max-retries": "1",
    "net:timeout": "10",
    "xfer:clobber": "on",
    "cmd:fail-exit": "yes",
    "cmd:interactive": "no",
  };
  const url = `${target.tls === "implicit" ? "ftps" : "ftp"}://${authority(target)}`;
  const lines = [
    ...Object.entries(settings).map(([name, value]) => `set ${name} ${value}`),
    `open -u ${target.user},${target.password} ${url}`,
    command,
  ];
  const home = { HOME: target.home, LFTP_HOME: target.home };
  return (await runTool("lftp", ["--norc", "-c", lines.join("; ")], { env: home })).stdout;
};

export const lftp: Peer = {
  name: "lftp",
  needs: ["lftp"],
  speaks: () => true,
  put: async (target, local, remote) => void (await run(target, `put ${q(local)} -o ${q(remote)}`)),
  get: async (target, remote, local) => void (await run(target, `get ${q(remote)} -o ${q(local)}`)),
  list: (target, folder) => run(target, `ls ${q(folder)}`),
  resumeGet: async (target, remote, local) => void (await run(target, `get -c ${q(remote)} -o ${q(local)}`)),
  resumePut: async (target, local, remote) => void (await run(target, `put -c ${q(local)} -o ${q(remote)}`)),
  mirrorDown: async (target, folder, local) =>
    void (await run(target, `mirror --parallel=2 ${q(folder)} ${q(local)}`)),
  mirrorUp: async (target, local, folder) =>
    void (await run(target, `mirror -R --parallel=2 ${q(local)} ${q(folder)}`)),
  makeFolder: async (target, folder) => void (await run(target, `mkdir ${q(folder)}`)),
  removeFolder: async (target, folder) => void (await run(target, `rmdir ${q(folder)}`)),
  remove: async (target, path) => void (await run(target, `rm ${q(path)}`)),
  rename: async (target, from, to) => void (await run(target, `mv ${q(from)} ${q(to)}`)),
  getText: async (target, remote, local) => void (await run(target, `get -a ${q(remote)} -o ${q(local)}`)),
  size: (target, path) => run(target, `cls -s --block-size=1 ${q(path)}`),
};
