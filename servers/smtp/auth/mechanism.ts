import type { Login } from "../decisions.ts";
import type { Mechanism } from "../options.ts";

/** What a mechanism asks for: the answer to a challenge, or the decision on a login. */
export type Step = { readonly challenge: string | Uint8Array } | { readonly login: Login };

/**
 * A SASL mechanism (RFC 4422), the server's side: gives challenges and hears responses. It ends after a login that was
 * accepted; a refused one is never resumed.
 * @throws SaslError when a response cannot be read
 */
export type Dance = (host: DanceHost) => Generator<Step, void, Buffer>;

export interface DanceHost {
  readonly mechanism: Mechanism;
  readonly hostname: string;
  /** The password of a user whom the server knows. */
  passwordOf(user: string): string | undefined;
}

/** A response that is not of the mechanism's form. */
export class SaslError extends Error {
  override readonly name = "SaslError";
}

/** A login whose password crossed the wire. */
export function plainLogin(mechanism: Mechanism, user: string, password: string): { readonly login: Login } {
  return { login: { mechanism, user, password, verify: (expected) => expected === password } };
}
