import { rename } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { runTool } from "../../peers/tools.ts";
import type { Peer, Target } from "./peer.ts";

const run = async (program: string, target: Target, ...args: readonly string[]): Promise<string> => {
  const login = ["-u", target.user, "-p", target.password, "-P", String(target.port), "-t", "10", "-r", "1"];
  const options = [target.mode === "passive" ? "-F" : "-E", ...login];
  const isListing = program === "ncftpls";
  const quiet = isListing ? [] : ["-V"];
  const env = { HOME: target.home };
  return (await runTool(program, [...quiet, ...options, ...args], { env })).stdout;
};

/** ncftpput and ncftpget keep the file's name and take folders. */
export const ncftp: Peer = {
  name: "ncftp",
  needs: ["ncftpput", "ncftpget", "ncftpls"],
  speaks: ({ tls, family }) => tls === "none" && family === "IPv4",
  put: async (target, local, remote) => {
    const named = join(dirname(local), basename(remote));
    await rename(local, named);
    await run("ncftpput", target, target.host, dirname(remote), named);
  },
  get: async (target, remote, local) => {
    await run("ncftpget", target, target.host, dirname(local), remote);
    await rename(join(dirname(local), basename(remote)), local);
  },
  list: (target, folder) => run("ncftpls", target, "-l", `ftp://${target.host}${folder}/`),
  mirrorDown: async (target, folder, local) =>
    void (await run("ncftpget", target, "-R", target.host, dirname(local), folder)),
  mirrorUp: async (target, local, folder) =>
    void (await run("ncftpput", target, "-R", target.host, dirname(folder), local)),
};
