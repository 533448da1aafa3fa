import { runTool } from "../../peers/tools.ts";
import { authority, encoded, type Peer, type Target } from "./peer.ts";

const run = async (target: Target, path: string, ...args: readonly string[]): Promise<void> => {
  const options = ["-q", "--no-config", "--no-check-certificate", "--tries=1", "--timeout=10", "--no-glob"];
  options.push(`--user=${target.user}`, `--password=${target.password}`);
  if (target.mode === "active") options.push("--no-passive-ftp");
  if (target.tls === "implicit") options.push("--ftps-implicit");
  const url = `${target.tls === "none" ? "ftp" : "ftps"}://${authority(target)}${encoded(path)}`;
  await runTool("wget", [...options, ...args, url], { env: { HOME: target.home }, cwd: target.home });
};

export const wget: Peer = {
  name: "wget",
  needs: ["wget"],
  speaks: () => true,
  get: (target, remote, local) => run(target, remote, "-O", local),
  resumeGet: (target, remote, local) => run(target, remote, "-c", "-O", local),
  mirrorDown: (target, folder, local) =>
    run(target, `${folder}/`, "-r", "-nH", "--cut-dirs=1", "--no-parent", "-P", local),
};
