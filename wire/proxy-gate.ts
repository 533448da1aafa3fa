import type { Socket } from "node:net";
import type { Guest } from "./listener.ts";
import { maxProxyHeaderBytes, parseProxyHeader, type ProxyEndpoint } from "./proxy-protocol.ts";

/** What stood in front of a connection, and the first bytes of the connection itself. */
export interface Entry {
  /** The client, when the proxy knows it. */
  readonly client: ProxyEndpoint | undefined;
  readonly early: Buffer;
}

/**
 * Reads the PROXY header of a new connection, then lets it in. One that has no header, a wrong one, or none in time is
 * closed without a word: only a proxy was to come here.
 * @param enter takes the socket over, and says who is in now
 */
export function openProxyGate(
  socket: Socket,
  { timeoutMs, refused }: { readonly timeoutMs: number; readonly refused: (reason: string) => void },
  enter: (entry: Entry) => Guest,
): Guest {
  let inside: Guest | undefined;
  let head: Buffer = Buffer.alloc(0);
  const close = (reason: string): void => {
    leave();
    refused(reason);
    socket.destroy();
  };
  const read = (bytes: Buffer): void => {
    head = Buffer.concat([head, bytes]);
    const header = parseProxyHeader(head.subarray(0, maxProxyHeaderBytes));
    if (header === "incomplete") return;
    if (header === "invalid") {
      close("no valid PROXY header");
      return;
    }
    leave();
    inside = enter({ client: header.client, early: head.subarray(header.bytes) });
  };
  const end = (): void => close("the connection ended before a PROXY header");
  const timeout = setTimeout(() => close("no PROXY header in time"), timeoutMs);
  const leave = (): void => {
    clearTimeout(timeout);
    socket.off("data", read);
    socket.off("end", end);
    socket.off("close", leave);
  };
  socket.on("data", read);
  socket.on("end", end);
  // A reset at any moment must find a listener; whoever is let in brings one of its own.
  socket.on("error", () => {});
  socket.on("close", leave);
  return {
    check: (nowMs) => inside?.check?.(nowMs),
    leave: () => (inside ? inside.leave() : void socket.destroy()),
    destroy: () => (inside ? inside.destroy() : void socket.destroy()),
  };
}
