import { readStreamName, streamName } from "./exchange-dialect.ts";
import type { Floor } from "./floor.ts";
import type { Reader } from "./reader.ts";

/** Streams that one connection may subscribe to. */
const maxStreams = 1_024;

type Answer =
  | { readonly result: unknown }
  | { readonly error: { readonly code: number; readonly msg: string } };

/** One connection that speaks the dialect of the exchange, at `/ws` or `/stream`. */
export class ExchangeSession {
  readonly #floor: Floor;
  readonly #reader: Reader;

  /** @param streams what the address asked for: `btcusdt@trade` */
  constructor(floor: Floor, reader: Reader, streams: readonly string[], isCombined: boolean) {
    this.#floor = floor;
    this.#reader = reader;
    reader.isCombined = isCombined;
    for (const stream of streams) this.#subscribe(stream);
  }

  heard(text: string): void {
    let request: unknown;
    try {
      request = JSON.parse(text);
    } catch {
      this.#reader.answer(JSON.stringify({ error: { code: 3, msg: "Invalid JSON" } }));
      return;
    }
    const { method, params, id } = (request ?? {}) as Record<string, unknown>;
    if (id !== undefined && id !== null && typeof id !== "number" && typeof id !== "string") {
      this.#answer(null, refusal("request ID must be a number, a string or null"));
    } else this.#answer(id ?? null, this.#obey(method, params));
  }

  #obey(method: unknown, params: unknown): Answer {
    const names: unknown = params ?? [];
    if (!Array.isArray(names)) return refusal("params must be an array");
    if (method === "LIST_SUBSCRIPTIONS") return { result: [...this.#reader.topics] };
    if (method === "GET_PROPERTY" && names[0] === "combined") return { result: this.#reader.isCombined };
    if (method === "SET_PROPERTY" && names[0] === "combined" && typeof names[1] === "boolean") {
      this.#reader.isCombined = names[1];
      return { result: null };
    }
    if (method !== "SUBSCRIBE" && method !== "UNSUBSCRIBE")
      return refusal(`unknown method "${String(method)}"`);
    const streams = names.filter((name) => typeof name === "string");
    if (streams.length === 0 || streams.length < names.length) return refusal("params must name streams");
    const unknown = streams.find((stream) => readStreamName(stream) === undefined);
    if (unknown !== undefined) return refusal(`unknown stream "${unknown}"`);
    if (method === "UNSUBSCRIBE") for (const stream of streams) this.#unsubscribe(stream);
    else if (this.#reader.topics.size + streams.length > maxStreams)
      return refusal(`more than ${maxStreams} streams`);
    else for (const stream of streams) this.#subscribe(stream);
    return { result: null };
  }

  /** As at the exchange, a symbol that is not traded is no error: nothing is ever said of it. */
  #subscribe(stream: string): void {
    const read = readStreamName(stream);
    if (read && this.#floor.quotations.has(read.symbol))
      this.#floor.audience.subscribe(this.#reader, streamName(read.symbol, read.kind));
  }

  #unsubscribe(stream: string): void {
    const read = readStreamName(stream);
    if (read) this.#floor.audience.unsubscribe(this.#reader, streamName(read.symbol, read.kind));
  }

  #answer(id: unknown, answer: Answer): void {
    this.#reader.answer(JSON.stringify({ ...answer, id }));
  }
}

function refusal(why: string): Answer {
  return { error: { code: 2, msg: `Invalid request: ${why}` } };
}
