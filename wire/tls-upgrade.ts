import type { Socket } from "node:net";
import { connect, type ConnectionOptions, TLSSocket, type TLSSocketOptions } from "node:tls";
import { TlsGround } from "./tls-ground.ts";
import type { TlsRecords } from "./tls-records.ts";

/** What a TLS handshake agreed upon. */
export interface TlsFacts {
  /** `TLSv1.3` */
  readonly version: string;
  /** The IANA name: `TLS_AES_256_GCM_SHA384`. */
  readonly cipher: string;
  /** The name the client asked for (RFC 6066 section 3). */
  readonly serverName?: string;
  /** Whether an earlier session was resumed. */
  readonly isResumed: boolean;
}

/** How to speak TLS from now on; options of node:tls, such as `isServer`, `secureContext`, `servername`. */
export type TlsUpgrade =
  | (TLSSocketOptions & {
      readonly isServer: true;
      /** Whether TLS may end before the connection does, which costs a stream between the two. @default false */
      readonly mayEnd?: boolean;
    })
  | (ConnectionOptions & { readonly isServer?: false });

/** Who waits for a handshake hears one of these, once. */
export interface HandshakeOwner {
  secured(facts: TlsFacts): void;
  /** It did not end well, and the sockets are closed; without a cause, the other side just went. */
  failed(cause: Error | undefined): void;
}

/** Who waits for the end of TLS hears one of these, once. */
export interface FarewellOwner {
  /** Our goodbye has left, and the socket below is free; it is paused. */
  ended(farewell: Farewell): void;
  /** The connection ended instead. */
  failed(): void;
}

/** What is left when TLS has ended at our end. */
export interface Farewell {
  /** Until the other side has said goodbye as well, or speaks in clear without it, it may say more over TLS. */
  readonly records: TlsRecords;
  /** Bytes that came over TLS and were read by nobody. */
  readonly droppedBytes: number;
}

/**
 * How long the other side may take to say goodbye first. Some wait for us to do it (curl, asked to be passive), and some
 * take ours for the end of the connection when it comes before they have read why (lftp).
 */
const patienceMs = 100;

/** The sockets below those that speak TLS. */
const below = new WeakMap<Socket, Socket>();

/** What stands between the two where TLS may end. */
const grounds = new WeakMap<Socket, TlsGround>();

/** The socket that a connection really is, below TLS: only that one can be reset. */
export const plainOf = (socket: Socket): Socket => below.get(socket) ?? socket;

/** Begin TLS on a socket that nobody listens to any longer. @returns the socket above it */
export function beginTls(plain: Socket, upgrade: TlsUpgrade, owner: HandshakeOwner): TLSSocket {
  const secure = secureSocket(plain, upgrade);
  below.set(secure, plain);
  let failure: Error | undefined;
  const failed = (cause: Error): void => void (failure ??= cause);
  const closed = (): void => owner.failed(failure);
  // The sockets may be half open, but nobody shakes hands with somebody who has said all they will say.
  const ended = (): void => void secure.destroy();
  secure.on("_tlsError", (error: Error) => {
    failed(error);
    secure.destroy();
  });
  secure.once("end", ended);
  secure.once("close", closed);
  secure.once("error", failed);
  secure.once(upgrade.isServer ? "secure" : "secureConnect", () => {
    secure.off("end", ended);
    secure.off("close", closed);
    secure.off("error", failed);
    owner.secured(factsOf(secure));
  });
  return secure;
}

function secureSocket(plain: Socket, upgrade: TlsUpgrade): TLSSocket {
  // A client's handshake is checked, and told of by `secureConnect`, only when node:tls connects it itself.
  if (!upgrade.isServer) return connect({ ...upgrade, socket: plain });
  if (!upgrade.mayEnd) return new TLSSocket(plain, upgrade);
  const ground = new TlsGround(plain);
  const secure = new TLSSocket(ground, upgrade);
  // Of a stream that is no socket, node:tls hears how it ends, but not that it is gone.
  ground.once("close", () => secure.destroy());
  grounds.set(secure, ground);
  return secure;
}

/**
 * End TLS and keep the socket below it. Nobody may listen to `secure` any longer.
 * @throws TypeError when it was begun without `mayEnd`
 */
export function endTls(secure: Socket, owner: FarewellOwner): void {
  const ground = grounds.get(secure);
  if (!ground) throw new TypeError("this TLS stays until the connection ends; begin it with mayEnd");
  let droppedBytes = 0;
  const sayGoodbye = (): void => {
    clearTimeout(patience);
    ground.keep();
    secure.end();
  };
  const failed = (): void => {
    clearTimeout(patience);
    owner.failed();
  };
  const patience = setTimeout(sayGoodbye, patienceMs);
  secure.on("data", (bytes: Buffer) => (droppedBytes += bytes.length));
  secure.once("end", sayGoodbye);
  secure.once("close", failed);
  secure.once("finish", () => {
    secure.off("close", failed);
    const records = ground.release();
    secure.destroy();
    owner.ended({ records, droppedBytes });
  });
  ground.part(sayGoodbye);
  secure.resume();
}

function factsOf(socket: TLSSocket): TlsFacts {
  const cipher = socket.getCipher();
  const serverName = (socket as TLSSocket & { servername?: string | false }).servername;
  return {
    version: socket.getProtocol() ?? "",
    cipher: cipher.standardName,
    ...(serverName ? { serverName } : {}),
    isResumed: socket.isSessionReused(),
  };
}
