import type { Socket } from "node:net";
import { createSecureContext } from "node:tls";
import { sharedAuthority, sharedLeaf, trustSharedAuthority } from "../../wire/certificate.ts";
import { beginTls } from "../../wire/tls-upgrade.ts";
import type { ResolvedWebSocketOptions } from "./options.ts";

/** TLS from the first byte of every connection. */
export interface Security {
  /** Whom clients must trust, in PEM. */
  readonly ca: string;
  /** Hand a connection on when its handshake is done; one that fails, or takes too long, is destroyed. */
  readonly secure: (plain: Socket, welcome: (socket: Socket) => void) => void;
}

/**
 * What the options say about TLS; nothing without it.
 * @throws Error of node:tls for a certificate and a key that are none
 */
export function securityOf(options: ResolvedWebSocketOptions): Security | undefined {
  const { tls, isTrustedInProcess, handshakeTimeoutMs } = options;
  if (tls === false) return undefined;
  if (tls === true && isTrustedInProcess) trustSharedAuthority();
  const { cert, key } = tls === true ? sharedLeaf() : tls;
  const secureContext = createSecureContext({ cert, key });
  return {
    ca: tls === true ? sharedAuthority().certificate : cert,
    secure: (plain, welcome) => {
      const deadline = setTimeout(() => plain.destroy(), handshakeTimeoutMs);
      plain.once("close", () => clearTimeout(deadline));
      const upgrade = { isServer: true, secureContext, ALPNProtocols: ["http/1.1"] } as const;
      const secure = beginTls(plain, upgrade, {
        secured: () => {
          clearTimeout(deadline);
          welcome(secure);
        },
        failed: () => plain.destroy(),
      });
    },
  };
}
