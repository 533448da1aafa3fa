import { once } from "node:events";
import type { Socket } from "node:net";
import { answerBench } from "../../child.ts";
import { openRaw } from "./raw-client.ts";

/** Hold so many connections, or let all of them go. */
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
    held.push(...(await Promise.all(Array.from({ length: crowd }, () => openRaw(request.port, "/echo")))));
  }
});
