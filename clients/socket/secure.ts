import { isIP, type Socket } from "node:net";
import { connect, type TLSSocket } from "node:tls";
import { WireError } from "../../wire/errors.ts";
import type { SocketOptions } from "./options.ts";

/** What a handshake agreed upon, and with whom. */
export interface TlsDetails {
  /** `TLSv1.3` */
  readonly version: string;
  /** `TLS_AES_256_GCM_SHA384` */
  readonly cipher: string;
  /** Who the certificate is for, and who says so. */
  readonly subject: string;
  readonly issuer: string;
  /** The names and addresses it is good for. */
  readonly names: string;
  readonly validTo: string;
  /** Why it would not be trusted; empty when it is. */
  readonly distrust: string;
}

/**
 * TLS on a connection, as the client.
 * @throws WireError TLS_FAILED, TIMED_OUT
 */
export async function secure(
  socket: Socket,
  host: string,
  options: SocketOptions & { readonly timeoutMs: number },
): Promise<TLSSocket> {
  const { ca, trustsAnybody = false, timeoutMs } = options;
  return await new Promise((resolve, reject) => {
    const secured = connect({
      socket,
      host,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...(ca === undefined ? {} : { ca }),
      rejectUnauthorized: !trustsAnybody,
    });
    const timer = setTimeout(
      () =>
        secured.destroy(
          new WireError("TIMED_OUT", `${host} did not finish its TLS handshake within ${timeoutMs} ms`),
        ),
      timeoutMs,
    );
    secured.once("error", (cause: Error) => {
      clearTimeout(timer);
      reject(
        cause instanceof WireError
          ? cause
          : new WireError("TLS_FAILED", `with ${host}: ${cause.message}`, { cause }),
      );
    });
    secured.once("secureConnect", () => {
      clearTimeout(timer);
      secured.removeAllListeners("error");
      resolve(secured);
    });
  });
}

/** What is known of a connection's TLS. */
export function tlsDetails(socket: TLSSocket): TlsDetails {
  const certificate = socket.getPeerCertificate();
  const name = (
    of: { readonly CN?: string | string[]; readonly O?: string | string[] } | undefined,
  ): string => String(of?.CN ?? of?.O ?? "");
  return {
    version: socket.getProtocol() ?? "",
    cipher: socket.getCipher().standardName,
    subject: name(certificate.subject),
    issuer: name(certificate.issuer),
    names: certificate.subjectaltname ?? "",
    validTo: certificate.valid_to ?? "",
    distrust: socket.authorized ? "" : String(socket.authorizationError ?? "not verified"),
  };
}
