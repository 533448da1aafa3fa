import type { Socket } from "node:net";
import { connect, type ConnectionOptions, TLSSocket, type TLSSocketOptions } from "node:tls";

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
  | (TLSSocketOptions & { readonly isServer: true })
  | (ConnectionOptions & { readonly isServer?: false });

/** Who waits for a handshake hears one of these, once. */
export interface HandshakeOwner {
  secured(facts: TlsFacts): void;
  /** It did not end well, and the sockets are closed; without a cause, the other side just went. */
  failed(cause: Error | undefined): void;
}

/** The sockets below those that speak TLS. */
const below = new WeakMap<Socket, Socket>();

/** The socket that a connection really is, below TLS: only that one can be reset. */
export const plainOf = (socket: Socket): Socket => below.get(socket) ?? socket;

/** Begin TLS on a socket that nobody listens to any longer. @returns the socket above it */
export function beginTls(plain: Socket, upgrade: TlsUpgrade, owner: HandshakeOwner): TLSSocket {
  // A client's handshake is checked, and told of by `secureConnect`, only when node:tls connects it itself.
  const secure = upgrade.isServer ? new TLSSocket(plain, upgrade) : connect({ ...upgrade, socket: plain });
  below.set(secure, plain);
  let failure: Error | undefined;
  const failed = (cause: Error): void => void (failure ??= cause);
  const closed = (): void => owner.failed(failure);
  secure.on("_tlsError", (error: Error) => {
    failed(error);
    secure.destroy();
  });
  secure.once("close", closed);
  secure.once("error", failed);
  secure.once(upgrade.isServer ? "secure" : "secureConnect", () => {
    secure.off("close", closed);
    secure.off("error", failed);
    owner.secured(factsOf(secure));
  });
  return secure;
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
