import { createSecureContext } from "node:tls";
import { type KeyedCertificate, makeSelfSigned, sharedAuthority } from "../../certificate.ts";
import type { Effect } from "../fault.ts";

/** A certificate that a careful client refuses. */
export interface BadCertificateFault {
  readonly fault: "bad_certificate";
  readonly problem: "expired" | "not_yet_valid" | "wrong_name" | "self_signed";
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
};

export function badCertificate({ problem }: BadCertificateFault): Effect {
  const make = makers[problem];
  if (!Object.hasOwn(makers, problem)) {
    throw new TypeError(`bad_certificate: problem is one of ${Object.keys(makers).join(", ")}`);
  }
  return {
    title: `certificate ${problem.replaceAll("_", " ")}`,
    secureContext: () => {
      const { cert, key } = make();
      return createSecureContext({ cert, key });
    },
  };
}
