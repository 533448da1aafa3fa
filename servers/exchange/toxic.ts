import type { FaultRule } from "../../wire/exchange/rule.ts";

/** A toxic as toxiproxy's API has it. */
export interface Toxic {
  readonly name: string;
  readonly type: string;
  readonly stream: "upstream" | "downstream";
  /** How many of the connections, from 0 to 1. */
  readonly toxicity: number;
  readonly attributes: Readonly<Record<string, number>>;
}

/** What is wrong with a request, as toxiproxy says it. */
export class ToxiproxyError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

type ByteFault = Extract<FaultRule, { direction?: "C" | "S" }>;

/** The faults behind the types; what is left out of the attributes is 0, as in toxiproxy. */
const types: Readonly<Record<string, (of: (name: string) => number) => ByteFault>> = {
  latency: (of) => ({ fault: "latency", latencyMs: of("latency"), jitterMs: of("jitter") }),
  // In kilobytes a second; none at all lets nothing through.
  bandwidth: (of) =>
    of("rate") > 0 ? { fault: "bandwidth", bytesPerSecond: of("rate") * 1_000 } : { fault: "timeout" },
  slow_close: (of) => ({ fault: "slow_close", delayMs: of("delay") }),
  timeout: (of) => ({ fault: "timeout", timeoutMs: of("timeout") }),
  reset_peer: (of) => ({ fault: "reset_peer", timeoutMs: of("timeout") }),
  slicer: (of) => ({
    fault: "slicer",
    averageBytes: of("average_size"),
    variationBytes: of("size_variation"),
    // In microseconds.
    delayMs: of("delay") / 1_000,
  }),
  limit_data: (of) => ({ fault: "limit_data", bytes: of("bytes") }),
};

/**
 * A toxic from a request's body, over one that is there already.
 * @throws ToxiproxyError 400 for what is no toxic
 */
export function readToxic(body: Readonly<Record<string, unknown>>, before?: Toxic): Toxic {
  const type = before?.type ?? body["type"];
  const stream = before?.stream ?? body["stream"] ?? "downstream";
  if (typeof type !== "string" || !Object.hasOwn(types, type))
    throw new ToxiproxyError(400, "invalid toxic type");
  if (stream !== "upstream" && stream !== "downstream")
    throw new ToxiproxyError(400, "stream was invalid, can be either upstream or downstream");
  const toxicity = body["toxicity"] ?? before?.toxicity ?? 1;
  if (typeof toxicity !== "number" || !(toxicity >= 0 && toxicity <= 1))
    throw new ToxiproxyError(400, "toxicity is a number from 0 to 1");
  const attributes: Record<string, number> = { ...before?.attributes };
  for (const [name, value] of Object.entries(body["attributes"] ?? {})) {
    if (typeof value !== "number" || !(value >= 0))
      throw new ToxiproxyError(400, `attribute ${name} is no number`);
    attributes[name] = value;
  }
  const name = before?.name ?? body["name"] ?? "";
  if (typeof name !== "string") throw new ToxiproxyError(400, "the name of a toxic is a text");
  return { name: name === "" ? `${type}_${stream}` : name, type, stream, toxicity, attributes };
}

/** The rule that does what a toxic says. */
export function ruleOf({ type, stream, toxicity, attributes }: Toxic): FaultRule {
  const fault = types[type]!((name) => attributes[name] ?? 0);
  return { ...fault, direction: stream === "upstream" ? "C" : "S", percent: toxicity * 100 };
}
