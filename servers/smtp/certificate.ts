import type { SecureContextOptions } from "node:tls";
import { sharedLeaf, trustSharedAuthority } from "../../wire/certificate.ts";
import type { ResolvedSmtpOptions } from "./options.ts";

/** The certificate of the server, and which versions of TLS it speaks; clients of this process trust it from here on. */
export function certificateOf({
  certificate,
  minTlsVersion,
  isTrustedInProcess,
}: ResolvedSmtpOptions): SecureContextOptions {
  if (!certificate && isTrustedInProcess) trustSharedAuthority();
  const { cert, key } = certificate ?? sharedLeaf();
  // OpenSSL refuses TLS 1.0 and 1.1 at its usual security level, whatever the version bounds say.
  const isOld = minTlsVersion === "TLSv1" || minTlsVersion === "TLSv1.1";
  return { cert, key, minVersion: minTlsVersion, ...(isOld ? { ciphers: "DEFAULT@SECLEVEL=0" } : {}) };
}
