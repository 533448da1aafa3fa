import { WireError } from "../../wire/errors.ts";
import type { SocksReply } from "../../wire/socks.ts";

/** Why a proxy does not do what it is asked: as HTTP says it (RFC 9110, RFC 9209 section 2.3), and as SOCKS 5 does. */
const refusals = {
  "not allowed": { status: 403, proxyError: "destination_ip_prohibited", socks: "notAllowed" },
  "not found": { status: 502, proxyError: "dns_error", socks: "hostUnreachable" },
  refused: { status: 502, proxyError: "connection_refused", socks: "connectionRefused" },
  "host unreachable": { status: 502, proxyError: "destination_ip_unroutable", socks: "hostUnreachable" },
  "network unreachable": {
    status: 502,
    proxyError: "destination_ip_unroutable",
    socks: "networkUnreachable",
  },
  "timed out": { status: 504, proxyError: "connection_timeout", socks: "ttlExpired" },
  "upstream failed": { status: 502, proxyError: "proxy_configuration_error", socks: "generalFailure" },
  failed: { status: 502, proxyError: "proxy_internal_error", socks: "generalFailure" },
} as const satisfies Record<string, { status: number; proxyError: string; socks: SocksReply }>;

export type RefusalReason = keyof typeof refusals;

/** A target is not reached, for a reason that the client is told. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }

  /** How it is said. */
  get words(): (typeof refusals)[RefusalReason] {
    return refusals[this.reason];
  }
}

/** What a failed connection means to whoever asked for it. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new Refusal(reasonOf(error), message, { cause: error });
}

const reasons: Readonly<Record<string, RefusalReason>> = {
  ECONNREFUSED: "refused",
  EHOSTUNREACH: "host unreachable",
  ENETUNREACH: "network unreachable",
  ETIMEDOUT: "timed out",
};

function reasonOf(error: unknown): RefusalReason {
  if (!(error instanceof WireError)) return "failed";
  if (error.code === "TIMED_OUT") return "timed out";
  if (error.code !== "CONNECT_FAILED") return "upstream failed";
  const { code } = (error.cause ?? {}) as NodeJS.ErrnoException;
  return reasons[code ?? ""] ?? "failed";
}
