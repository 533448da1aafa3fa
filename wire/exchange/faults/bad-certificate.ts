import { createSecureContext, type SecureContextOptions } from "node:tls";
import { type KeyedCertificate, makeSelfSigned, sharedAuthority, sharedLeaf } from "../../certificate.ts";
import type { Effect } from "../fault.ts";

/** A certificate, or a version of TLS, that a careful client refuses. */
export interface BadCertificateFault {
  readonly fault: "bad_certificate";
  /** `old_version`: a good certificate, but nothing newer than TLS 1.1 (RFC 8996). */
  readonly problem: "expired" | "not_yet_valid" | "wrong_name" | "self_signed" | "old_version";
}

const dayMs = 86_400_000;

const makers: Readonly<Record<BadCertificateFault["problem"], () => KeyedCertificate>> = {
  expired: () =>
    sharedAuthority().issue({
      notBefore: new Date(Date.now() - 30 * dayMs),
      notAfter: new Date(Date.now() - dayMs),
    }),
  not_yet_valid: () =>
    sharedAuthority().issue({
      notBefore: new Date(Date.now() + dayMs),
      notAfter: new Date(Date.now() + 30 * dayMs),
    }),
  wrong_name: () => sharedAuthority().issue({ names: ["wrong.invalid"] }),
  self_signed: () => makeSelfSigned(),
  old_version: () => sharedLeaf(),
};

/** OpenSSL speaks it only when it may be as weak as it was. */
const oldVersion = {
  minVersion: "TLSv1",
  maxVersion: "TLSv1.1",
  ciphers: "DEFAULT:@SECLEVEL=0",
} as const satisfies SecureContextOptions;

export function badCertificate({ problem }: BadCertificateFault): Effect {
  const make = makers[problem];
  if (!Object.hasOwn(makers, problem)) {
    throw new TypeError(`bad_certificate: problem is one of ${Object.keys(makers).join(", ")}`);
  }
  return {
    title: problem === "old_version" ? "TLS 1.1" : `certificate ${problem.replaceAll("_", " ")}`,
    secureContext: () => {
      const { cert, key } = make();
      return createSecureContext({ cert, key, ...(problem === "old_version" ? oldVersion : {}) });
    },
  };
}
