import { createServer, type Server, type Socket } from "node:net";
import { Crowd, type Member } from "./crowd.ts";
import { WireError } from "./errors.ts";

/** Where to listen. */
export interface ListenAddress {
  /** @default "127.0.0.1" */
  readonly host?: string;
  /** TCP port; 0 takes a free one. @default 0 */
  readonly port?: number;
  /** A unix socket instead of host and port. */
  readonly path?: string;
}

/** Somebody who is connected, as far as their host needs to know. */
export interface Guest {
  /** Look at the clock, milliseconds of the owner's choice; called by `Listener.check`. */
  check?(nowMs: number): void;
  /** The server is closing: say goodbye when nothing is under way. */
  leave(): void;
  /** Go at once. */
  destroy(): void;
}

/** Where a server does listen. */
export interface BoundAddress {
  /** 0 for a unix socket. */
  readonly port: number;
  readonly host: string;
  /** `127.0.0.1:1025`, `[::1]:1025`, or the path: how an address is written in a URL. */
  readonly authority: string;
}

/** A socket that listens, and everybody who came in by it. */
export interface Listener extends BoundAddress {
  /** The unix socket, if it is one. */
  readonly path: string | undefined;
  /** How many are connected. */
  readonly guests: number;
  /** Let everybody look at the clock: one timer serves all connections of a server. */
  check(nowMs: number): void;
  /**
   * Stop accepting, let everybody leave, destroy who is still there after `graceMs`, and resolve when the last socket
   * is gone. Twice is the same as once.
   */
  close(options?: CloseOptions): Promise<void>;
}

export interface CloseOptions {
  /** How long work under way may take to finish, in milliseconds. @default 1_000 */
  readonly graceMs?: number;
}

/** Larger than the 511 that Node takes by itself; the kernel may still lower it (`net.core.somaxconn`). */
const backlog = 4_096;

/**
 * Listen for connections. Sockets come half-open (a FIN does not end our side) and without Nagle's delay.
 * @param welcome makes a guest of each socket; it must handle the socket's errors
 * @throws WireError ADDRESS_IN_USE when somebody else listens there; CONNECT_FAILED when the address is not ours to take
 */
export async function listen(address: ListenAddress, welcome: (socket: Socket) => Guest): Promise<Listener> {
  const seats = new Crowd<Seat>();
  // One function for all sockets: a closure for each of 10,000 is memory that nobody needs.
  function forget(this: SeatedSocket): void {
    seats.remove(this[seatOf]!);
    // Node keeps a closed socket until the next great collection; what hangs on it must not stay with it.
    this[seatOf] = undefined;
  }
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket: SeatedSocket) => {
    const guest = welcome(socket);
    if (socket.destroyed) return;
    seats.add((socket[seatOf] = { socket, guest, place: 0 }));
    socket.on("close", forget);
  });
  const bound = await bind(server, address);
  let closing: Promise<void> | undefined;
  return {
    ...bound,
    path: address.path,
    get guests() {
      return seats.size;
    },
    check(nowMs) {
      for (const { guest } of seats.all()) guest.check?.(nowMs);
    },
    close: ({ graceMs = 1_000 } = {}) => (closing ??= closeServer(server, seats, graceMs)),
  };
}

/** Where a guest sits. */
interface Seat extends Member {
  readonly socket: Socket;
  readonly guest: Guest;
}

const seatOf = Symbol("seat");
type SeatedSocket = Socket & { [seatOf]?: Seat | undefined };

/**
 * Let a server of node:net listen; later errors of its own are nobody's.
 * @throws WireError ADDRESS_IN_USE, CONNECT_FAILED
 */
export async function bind(
  server: Server,
  { host = "127.0.0.1", port = 0, path }: ListenAddress,
): Promise<BoundAddress> {
  const name = path ?? `${host}:${port}`;
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      reject(
        cause.code === "EADDRINUSE"
          ? new WireError(
              "ADDRESS_IN_USE",
              `${name} is taken by another process; choose another, or port 0 for a free one`,
              { cause },
            )
          : new WireError("CONNECT_FAILED", `cannot listen on ${name}: ${cause.message}`, { cause }),
      );
    });
    const listening = (): void => {
      server.removeAllListeners("error");
      // Accepting can fail later (no descriptors left, EMFILE); those already connected go on, and so do we.
      server.on("error", () => {});
      resolve();
    };
    if (path === undefined) server.listen({ host, port, backlog }, listening);
    else server.listen({ path, backlog }, listening);
  });
  const bound = server.address();
  if (path !== undefined || typeof bound !== "object" || !bound)
    return { host: "", port: 0, authority: path ?? "" };
  const authority = `${bound.address.includes(":") ? `[${bound.address}]` : bound.address}:${bound.port}`;
  return { host: bound.address, port: bound.port, authority };
}

async function closeServer(server: Server, seats: Crowd<Seat>, graceMs: number): Promise<void> {
  const gone = new Promise<void>((resolve) => server.close(() => resolve()));
  for (const { guest } of seats.all()) guest.leave();
  const deadline = setTimeout(() => {
    for (const { guest } of seats.all()) guest.destroy();
  }, graceMs);
  await gone;
  clearTimeout(deadline);
  // The server is closed as soon as it holds no socket; the sockets' own news come a moment later.
  await Promise.all(seats.all().map(({ socket }) => untilClosed(socket)));
}

/** Resolved when a socket has told that it is closed; `closed` is true a moment before that. */
export async function untilClosed(socket: Socket): Promise<void> {
  await new Promise((resolve) => socket.once("close", resolve));
}
