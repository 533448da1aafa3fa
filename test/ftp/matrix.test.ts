/*
 * Every case with every client that can do it, in every way it can reach a server: TLS or not, passive or active, IPv4
 * or IPv6. A case that one client fails is a fault of ours until vsftpd or pyftpdlib fails it too
 * (matrix-others.test.ts).
 */
import { join } from "node:path";
import { afterAll, beforeAll, describe, test } from "vitest";
import { memoryFiles, startFtp, type FtpServer } from "../../servers/ftp/index.ts";
import { needs, scratch } from "../peers/tools.ts";
import { cellsOf, type Ground, groundOf, peers } from "./matrix-cases.ts";
import type { Way } from "./peers/peer.ts";

const files = memoryFiles();
const folder = scratch();
const login = { user: "ann", password: "secret" };
let servers: Record<Way["family"], FtpServer>;
let grounds = 0;

beforeAll(async () => {
  const options = { files, ftpsPort: 0, users: [{ name: login.user, password: login.password }] };
  servers = {
    IPv4: await startFtp(options),
    IPv6: await startFtp({ ...options, host: "::1" }),
  };
});

afterAll(async () => {
  await Promise.all(Object.values(servers).map((server) => server.close()));
  folder[Symbol.dispose]();
});

async function newGround(way: Way): Promise<Ground> {
  const number = (grounds += 1);
  const there = `/${number}`;
  const server = servers[way.family];
  await server.files.makeDirectory(there);
  const port = way.tls === "implicit" ? (server.ftpsPort ?? 0) : server.port;
  const target = { ...way, ...login, host: server.host, port };
  return groundOf(target, server.files, there, join(folder.path, String(number)), () => server.log());
}

for (const peer of peers) {
  describe(peer.name, needs(...peer.needs), () => {
    for (const { title, wayTitle, way, run } of cellsOf(peer)) {
      test.concurrent(`${title}, ${wayTitle}`, async () => {
        await run(await newGround(way));
      });
    }
  });
}
