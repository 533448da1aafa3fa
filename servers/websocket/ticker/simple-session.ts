import type { Floor } from "./floor.ts";
import type { Reader } from "./reader.ts";
import { quoteText, simpleChannels, simpleTopic, snapshotText } from "./simple-dialect.ts";

type SimpleChannel = (typeof simpleChannels)[number];

/** One connection that speaks the simple dialect, at `/feed`. */
export class SimpleSession {
  readonly #floor: Floor;
  readonly #reader: Reader;

  constructor(floor: Floor, reader: Reader) {
    this.#floor = floor;
    this.#reader = reader;
  }

  heard(text: string): void {
    let request: unknown;
    try {
      request = JSON.parse(text);
    } catch {
      request = undefined;
    }
    const refused = this.#obey((request ?? {}) as Record<string, unknown>);
    if (refused !== undefined) this.#reader.answer(JSON.stringify({ type: "error", message: refused }));
  }

  /** @returns why not */
  #obey({
    type,
    channels = ["book", "trades", "quotes"],
    symbols,
  }: Record<string, unknown>): string | undefined {
    if (type !== "subscribe" && type !== "unsubscribe" && type !== "snapshot")
      return 'say {"type":"subscribe","channels":["book"],"symbols":["BTCUSDT"]}';
    if (!isListOf(symbols, (name) => this.#floor.quotations.has(name)))
      return `symbols must be a list of ${[...this.#floor.quotations.keys()].slice(0, 20).join(", ")}`;
    if (type === "snapshot") {
      for (const symbol of symbols) this.#sendSnapshot(symbol);
      return undefined;
    }
    if (!isListOf(channels, (name) => simpleChannels.some((one) => one === name)))
      return `channels must be a list of ${simpleChannels.join(", ")}`;
    const wanted = simpleChannels.filter((channel) => channels.includes(channel));
    if (type === "subscribe") this.#subscribe(symbols, wanted);
    else for (const symbol of symbols) this.#unsubscribe(symbol, wanted);
    this.#reader.answer(JSON.stringify({ type: "subscribed", subscriptions: this.#subscriptions() }));
    if (type === "subscribe") for (const symbol of symbols) this.#begin(symbol, wanted);
    return undefined;
  }

  #subscribe(symbols: readonly string[], channels: readonly SimpleChannel[]): void {
    for (const symbol of symbols)
      for (const channel of [...channels, "heartbeat"] as const)
        this.#floor.audience.subscribe(this.#reader, simpleTopic(symbol, channel));
  }

  #unsubscribe(symbol: string, channels: readonly SimpleChannel[]): void {
    for (const channel of channels)
      this.#floor.audience.unsubscribe(this.#reader, simpleTopic(symbol, channel));
    const isLeft = simpleChannels.some((channel) => this.#reader.topics.has(simpleTopic(symbol, channel)));
    if (!isLeft) this.#floor.audience.unsubscribe(this.#reader, simpleTopic(symbol, "heartbeat"));
  }

  /** What is so now, before what changes. */
  #begin(symbol: string, channels: readonly SimpleChannel[]): void {
    const quotation = this.#floor.quotations.get(symbol)!;
    if (channels.includes("book")) this.#sendSnapshot(symbol);
    if (channels.includes("quotes")) this.#reader.answer(quoteText(quotation));
  }

  #sendSnapshot(symbol: string): void {
    const quotation = this.#floor.quotations.get(symbol)!;
    const { book, sequence } = quotation.seen(this.#reader.staleness(symbol));
    this.#reader.answer(snapshotText(quotation.symbol, book, sequence, quotation.timeMs));
  }

  /** By channel, without the heartbeat. */
  #subscriptions(): Partial<Record<SimpleChannel, string[]>> {
    return Object.fromEntries(
      simpleChannels.flatMap((channel) => {
        const symbols = [...this.#floor.quotations.keys()].filter((symbol) =>
          this.#reader.topics.has(simpleTopic(symbol, channel)),
        );
        return symbols.length === 0 ? [] : [[channel, symbols]];
      }),
    );
  }
}

function isListOf(given: unknown, isOne: (name: string) => boolean): given is readonly string[] {
  return (
    Array.isArray(given) && given.length > 0 && given.every((name) => typeof name === "string" && isOne(name))
  );
}
