import { statSync } from "node:fs";
import { Client } from "basic-ftp";
import type { Peer, Target } from "./peer.ts";

async function run<Result>(target: Target, action: (client: Client) => Promise<Result>): Promise<Result> {
  const client = new Client(10_000);
  try {
    await client.access({
      host: target.host,
      port: target.port,
      user: target.user,
      password: target.password,
      secure: target.tls === "implicit" ? "implicit" : target.tls === "explicit",
      secureOptions: { rejectUnauthorized: false },
    });
    return await action(client);
  } finally {
    client.close();
  }
}

export const basicFtp: Peer = {
  name: "basic-ftp",
  needs: [],
  speaks: ({ mode }) => mode === "passive",
  put: (target, local, remote) =>
    run(target, async (client) => void (await client.uploadFrom(local, remote))),
  get: (target, remote, local) =>
    run(target, async (client) => void (await client.downloadTo(local, remote))),
  list: (target, folder) =>
    run(target, async (client) => (await client.list(folder)).map(({ name }) => name).join("\n")),
  resumeGet: (target, remote, local) =>
    run(target, async (client) => void (await client.downloadTo(local, remote, statSync(local).size))),
  resumePut: (target, local, remote) =>
    run(target, async (client) => {
      await client.appendFrom(local, remote, { localStart: await client.size(remote) });
    }),
  append: (target, local, remote) =>
    run(target, async (client) => void (await client.appendFrom(local, remote))),
  mirrorDown: (target, folder, local) => run(target, (client) => client.downloadToDir(local, folder)),
  mirrorUp: (target, local, folder) => run(target, (client) => client.uploadFromDir(local, folder)),
  makeFolder: (target, folder) => run(target, (client) => client.ensureDir(folder)),
  removeFolder: (target, folder) => run(target, (client) => client.removeDir(folder)),
  remove: (target, path) => run(target, async (client) => void (await client.remove(path))),
  rename: (target, from, to) => run(target, async (client) => void (await client.rename(from, to))),
  size: (target, path) => run(target, async (client) => String(await client.size(path))),
};
