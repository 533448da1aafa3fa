import { createSecureContext } from "node:tls";
import type { KeyedCertificate } from "../../wire/certificate.ts";
import { readNamedFile } from "./files.ts";
import { CommandError, text, value } from "./flags.ts";

/** The flags of a command whose only port speaks TLS when it is given a certificate. */
export const certificateFlags = {
  tlsCert: value({ argument: "FILE", help: "certificate in PEM: speak TLS; default no TLS" }, text),
  tlsKey: value({ argument: "FILE", help: "the key of the certificate in PEM" }, text),
} as const;

/** The files that a person named. */
interface CertificateFlags {
  readonly tlsCert: string | undefined;
  readonly tlsKey: string | undefined;
}

/**
 * The certificate that `--tls-cert` and `--tls-key` name; nothing when they are not there.
 * @throws CommandError when one is missing, cannot be read, or they do not belong together
 */
export async function keyedCertificate({
  tlsCert,
  tlsKey,
}: CertificateFlags): Promise<KeyedCertificate | undefined> {
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined) {
    throw new CommandError("--tls-cert and --tls-key belong together; give both, or none");
  }
  const cert = (await readNamedFile(tlsCert, "--tls-cert")).toString();
  const key = (await readNamedFile(tlsKey, "--tls-key")).toString();
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CommandError(
      `${tlsCert} and ${tlsKey} are no certificate and its key (${why}); give both in PEM`,
    );
  }
  return { cert, key };
}
