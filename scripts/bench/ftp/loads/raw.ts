import { once } from "node:events";
import type { Socket } from "node:net";
import { join } from "node:path";
import { Client } from "basic-ftp";
import { answerBench } from "../../child.ts";
import { gone } from "../../idle-crowd.ts";
import { loggedIn, say } from "./login.ts";

/* Clients in a process of their own. */

export type RawRequest =
  | { readonly kind: "logins"; readonly port: number; readonly count: number; readonly atOnce: number }
  | {
      readonly kind: "basic-ftp";
      readonly port: number;
      readonly count: number;
      readonly direction: "down" | "up";
      readonly files: number;
      readonly root: string;
      readonly fetched: string;
    }
  | { readonly kind: "release" }
  | { readonly kind: "flood"; readonly port: number; readonly bytes: number };

/** The one that does not read. */
let flooding: Socket | undefined;

answerBench({}, async (request: RawRequest) => {
  const begin = performance.now();
  await handle(request);
  return { seconds: (performance.now() - begin) / 1_000 };
});

async function handle(request: RawRequest): Promise<void> {
  switch (request.kind) {
    case "logins":
      await Promise.all(Array.from({ length: request.atOnce }, (_, index) => loginAgain(request, index)));
      return;
    case "basic-ftp":
      for (let turn = 0; turn < request.count; turn += 1) await transferWithBasicFtp(request);
      return;
    case "release":
      if (flooding) await gone(flooding);
      return;
    case "flood":
      await flood(request);
  }
}

async function loginAgain(
  { port, count, atOnce }: { port: number; count: number; atOnce: number },
  index: number,
): Promise<void> {
  for (let turn = index; turn < count; turn += atOnce) {
    const socket = await loggedIn(port);
    await say(socket, "QUIT", 221);
    socket.destroy();
  }
}

async function transferWithBasicFtp({
  port,
  direction,
  files,
  root,
  fetched,
}: Extract<RawRequest, { kind: "basic-ftp" }>): Promise<void> {
  const client = new Client();
  await client.access({ host: "127.0.0.1", port });
  for (let file = 0; file < files; file += 1) {
    const local = join(root, "small", `file-${file}.txt`);
    if (direction === "up") await client.uploadFrom(local, `in/basic-${file}.txt`);
    else await client.downloadTo(join(fetched, "basic", `${file}`), `small/file-${file}.txt`);
  }
  client.close();
}

/** Send commands and read no reply, as far as the server takes them: it has a second for each portion. */
async function flood({ port, bytes }: Extract<RawRequest, { kind: "flood" }>): Promise<void> {
  const socket = await loggedIn(port);
  socket.pause();
  flooding = socket;
  const portion = Buffer.from("NOOP\r\n".repeat(170_000));
  for (let sent = 0; sent < bytes; sent += portion.length) {
    if (socket.write(portion)) continue;
    const taken = once(socket, "drain", { signal: AbortSignal.timeout(1_000) });
    const isTaken = await taken.then(
      () => true,
      () => false,
    );
    if (!isTaken) return;
  }
}
