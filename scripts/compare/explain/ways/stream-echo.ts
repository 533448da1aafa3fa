import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { KeyedCertificate } from "../../../../wire/certificate.ts";
import { keyExchange } from "../../echo.ts";

/** A server that sends back what it hears, over TCP, or with a certificate over TLS. */
export async function echoStream(
  certificate?: KeyedCertificate,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const open = new Set<Socket>();
  const welcome = (socket: Socket): void => {
    open.add(socket.once("close", () => open.delete(socket)));
    socket.on("error", () => socket.destroy());
    socket.pipe(socket);
  };
  const halfOpen = { allowHalfOpen: true, noDelay: true };
  const server = certificate
    ? createTlsServer({ ...certificate, ...halfOpen, ecdhCurve: keyExchange }, welcome)
    : createServer(halfOpen, welcome);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
