import { connect, createSecureContext, createServer } from "node:tls";
import { keyExchange } from "../../echo.ts";
import { keptStream, newStreams, type Streams } from "./stream.ts";

// No session is kept, so each connection makes its whole handshake.
const overTls = (ecdhCurve: string): Streams => ({
  listen: ({ cert, key }, welcome) => createServer({ cert, key, ecdhCurve, noDelay: true }, welcome),
  dialer: ({ host, port, ca }) => {
    const secureContext = createSecureContext({ ca, ecdhCurve });
    return () => ({
      socket: connect({ host, port, secureContext }).setNoDelay(true),
      ready: "secureConnect",
    });
  },
});

export const tls = keptStream(overTls(keyExchange));
export const tlsNew = newStreams(overTls(keyExchange));
/** What OpenSSL 3.5 prefers: a hybrid of X25519 and ML-KEM-768, against computers that do not exist yet. */
export const tlsHybridNew = newStreams(overTls("X25519MLKEM768"));
