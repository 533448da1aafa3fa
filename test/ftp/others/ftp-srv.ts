import { sharedLeaf } from "../../../wire/certificate.ts";
import { startFtp } from "../../../servers/ftp/index.ts";
import type { Other } from "./other.ts";

/** Our engine "ftp-srv": the library over our file system. It has one address and no implicit TLS. */
export async function startFtpSrv(root: string): Promise<Other> {
  const [user, password] = ["ann", "secret"];
  const ftp = await startFtp({
    engine: "ftp-srv",
    root,
    users: [{ name: user, password }],
    certificate: sharedLeaf(),
  });
  return {
    user,
    password,
    port: ({ family, tls }) => (tls === "implicit" || family === "IPv6" ? undefined : ftp.port),
    [Symbol.asyncDispose]: () => ftp.close(),
  };
}
