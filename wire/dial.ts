import { connect, type Socket } from "node:net";
import { WireError } from "./errors.ts";

/** Where to connect to. */
export type Destination = { readonly host: string; readonly port: number } | { readonly path: string };

/**
 * Open a TCP or unix connection: half-open (a FIN does not end our side) and without Nagle's delay. The caller handles
 * the socket's errors from the same turn on.
 * @throws WireError CONNECT_FAILED, TIMED_OUT
 */
export async function dialSocket(to: Destination, timeoutMs: number): Promise<Socket> {
  const name = "path" in to ? to.path : `${to.host}:${to.port}`;
  const where = "path" in to ? { path: to.path } : { host: to.host, port: to.port };
  const socket = connect({ ...where, allowHalfOpen: true, noDelay: true });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const late = (): void =>
    reject(new WireError("TIMED_OUT", `${name} did not answer within ${timeoutMs} ms`));
  socket.on("connect", resolve);
  socket.on("error", reject);
  socket.setTimeout(timeoutMs, late);
  try {
    await promise;
  } catch (error) {
    socket.on("error", () => {});
    socket.destroy();
    if (error instanceof WireError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new WireError("CONNECT_FAILED", `cannot connect to ${name}: ${reason}`, { cause: error });
  }
  socket.setTimeout(0, late);
  socket.off("connect", resolve);
  socket.off("error", reject);
  return socket;
}
