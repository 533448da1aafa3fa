import { runTool } from "../../peers/tools.ts";
import type { Peer, Target } from "./peer.ts";

const q = (name: string): string => `"${name.replace(/["\\]/g, "\\$&")}"`;

/** A session by hand; tnftp ends with 0 whatever happens, so that its words are looked at. */
const run = async (target: Target, ...commands: readonly string[]): Promise<string> => {
  const input = [
    `open ${target.host} ${target.port}`,
    `user ${target.user} ${target.password}`,
    "binary",
    ...commands,
    "bye",
  ].join("\n");
  const mode = target.mode === "passive" ? "-p" : "-A";
  const options = { input: `${input}\n`, env: { HOME: target.home }, codes: "any" as const };
  const { stdout, stderr } = await runTool("tnftp", ["-n", "-i", "-v", mode, "-q", "15"], options);
  const refused = /^[45]\d\d .*$/m.exec(stdout);
  if (refused || /Not connected|Can't connect/.test(stdout + stderr)) {
    throw new Error(`tnftp: ${refused?.[0] ?? ""}\n${stdout}${stderr}`);
  }
  return stdout;
};

export const tnftp: Peer = {
  name: "tnftp",
  needs: ["tnftp"],
  speaks: ({ tls }) => tls === "none",
  put: async (target, local, remote) => void (await run(target, `put ${q(local)} ${q(remote)}`)),
  get: async (target, remote, local) => void (await run(target, `get ${q(remote)} ${q(local)}`)),
  list: (target, folder) => run(target, `ls ${q(folder)}`),
  resumeGet: async (target, remote, local) => void (await run(target, `reget ${q(remote)} ${q(local)}`)),
  append: async (target, local, remote) => void (await run(target, `append ${q(local)} ${q(remote)}`)),
  makeFolder: async (target, folder) => void (await run(target, `mkdir ${q(folder)}`)),
  removeFolder: async (target, folder) => void (await run(target, `rmdir ${q(folder)}`)),
  remove: async (target, path) => void (await run(target, `delete ${q(path)}`)),
  rename: async (target, from, to) => void (await run(target, `rename ${q(from)} ${q(to)}`)),
  getText: async (target, remote, local) => void (await run(target, "ascii", `get ${q(remote)} ${q(local)}`)),
  size: (target, path) => run(target, `size ${q(path)}`),
};
