import { once } from "node:events";
import type { Socket } from "node:net";
import { answerBench } from "./child.ts";

/** Hold so many connections, or let all of them go. */
export type IdleRequest = { readonly port: number; readonly hold: number } | { readonly release: true };

/** In a load of its own process: hold connections that say nothing more. @param open gives one that is ready */
export function answerIdle(open: (port: number) => Promise<Socket>): void {
  const held: Socket[] = [];
  answerBench({}, async (request: IdleRequest) => {
    if ("release" in request) {
      await Promise.all(held.splice(0).map(gone));
      return;
    }
    // In small crowds, or the listen queue overflows and the kernel waits a second before it tries again.
    while (held.length < request.hold) {
      const crowd = Math.min(100, request.hold - held.length);
      held.push(...(await Promise.all(Array.from({ length: crowd }, () => open(request.port)))));
    }
  });
}

/** Close a connection, unless the other side has. */
export async function gone(socket: Socket): Promise<void> {
  if (!socket.closed) await once(socket.destroy(), "close");
}
