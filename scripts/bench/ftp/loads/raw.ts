import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { Client } from "basic-ftp";
import { answerBench } from "../../child.ts";

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
  | { readonly kind: "hold"; readonly port: number; readonly count: number }
  | { readonly kind: "release" }
  | { readonly kind: "flood"; readonly port: number; readonly bytes: number; readonly reads: boolean };

const held: Socket[] = [];

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
    case "hold":
      await hold(request.port, request.count);
      return;
    case "release": {
      const open = held.filter((socket) => !socket.closed);
      await Promise.all(open.map((socket) => once(socket.destroy(), "close")));
      held.length = 0;
      return;
    }
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

/** USER and PASS; everybody is asked for both, and has to accept them. */
async function loggedIn(port: number): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  socket.on("error", () => {});
  await reply(socket, 220);
  await say(socket, "USER anonymous", 331);
  await say(socket, "PASS bench", 230);
  return socket;
}

async function say(socket: Socket, command: string, code: number): Promise<void> {
  socket.write(`${command}\r\n`);
  await reply(socket, code);
}

/** Read to the end of a reply: some servers send the lines of one in packets of their own. */
async function reply(socket: Socket, code: number): Promise<void> {
  let text = "";
  while (!/^\d{3} .*\r\n$/m.test(text)) {
    const [bytes] = (await once(socket, "data")) as [Buffer];
    text += bytes.toString("latin1");
  }
  if (!text.startsWith(String(code))) throw new Error(`expected ${code}, got ${text}`);
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

/** Sessions that are logged in and say nothing. In small crowds, or the listen queue overflows. */
async function hold(port: number, count: number): Promise<void> {
  while (held.length < count) {
    const crowd = Math.min(100, count - held.length);
    held.push(...(await Promise.all(Array.from({ length: crowd }, () => loggedIn(port)))));
  }
}

/** Send commands; without reading the replies, as far as the server takes them: it has a second for each portion. */
async function flood({ port, bytes, reads }: Extract<RawRequest, { kind: "flood" }>): Promise<void> {
  const socket = await loggedIn(port);
  if (reads) socket.resume();
  else socket.pause();
  held.push(socket);
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
