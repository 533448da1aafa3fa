import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { answerBench } from "../../child.ts";

/** Hold so many sessions, or let all of them go. */
export type IdleRequest = { readonly port: number; readonly hold: number } | { readonly release: true };

const held: Socket[] = [];

answerBench({}, async (request: IdleRequest) => {
  if ("release" in request) {
    const open = held.filter((socket) => !socket.closed);
    await Promise.all(open.map((socket) => once(socket.destroy(), "close")));
    held.length = 0;
    return;
  }
  // In small crowds, or the listen queue overflows and the kernel waits a second before it tries again.
  while (held.length < request.hold) {
    const crowd = Math.min(100, request.hold - held.length);
    held.push(...(await Promise.all(Array.from({ length: crowd }, () => greeted(request.port)))));
  }
});

/** A session that has said EHLO and heard the answer. */
async function greeted(port: number): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1" });
  await once(socket, "data");
  socket.write("EHLO idle.test\r\n");
  await once(socket, "data");
  socket.on("error", () => {});
  return socket;
}
