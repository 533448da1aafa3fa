/**
 * Faults by seed between a ticker and its clients, without sockets: two clients keep a book, one by each dialect, and
 * after every message a book that a client believes to be right is compared with the one that the server had then.
 */
import {
  DepthKeeper,
  type DepthSnapshot,
  type DepthUpdate,
} from "../../../clients/websocket/depth-keeper.ts";
import { TickerConversation } from "../../../clients/websocket/ticker-conversation.ts";
import { depthText } from "../../../servers/websocket/ticker/exchange-dialect.ts";
import { ExchangeSession } from "../../../servers/websocket/ticker/exchange-session.ts";
import { faultSchedule } from "../../../servers/websocket/ticker/faults.ts";
import { Floor } from "../../../servers/websocket/ticker/floor.ts";
import type { MarketEvent } from "../../../servers/websocket/ticker/market-event.ts";
import type { Outlet } from "../../../servers/websocket/ticker/reader.ts";
import { SimpleSession } from "../../../servers/websocket/ticker/simple-session.ts";
import { type MarketSource, seededMarkets } from "../../../servers/websocket/ticker/source.ts";
import { resolveSymbols } from "../../../servers/websocket/ticker/symbols.ts";
import { LevelBook } from "../../../wire/level-book.ts";
import { WebSocketReader } from "../../../wire/websocket.ts";

/** What came of some schedules. */
export interface WrongBooks {
  /** Comparisons of a book that a client believed to be right. */
  compared: number;
  /** Of them, those that were not what the server had. */
  wrong: number;
  /** Times that a client noticed, and began again. */
  noticed: number;
  /** Clients that had no right book after the faults had ended. */
  unrecovered: number;
}

const symbol = "BTCUSDT";
const faultyMs = 1_200;
const quietMs = 3_000;
const stepMs = 50;
const limits = { quoteBufferBytes: 65_536, maxBufferedBytes: 1_048_576, slowReaderTimeoutMs: 10_000 };

/** Run the schedules of the seeds from `from` up to, but not including, `to`. */
export function runSchedules(from: number, to: number): WrongBooks {
  const sum: WrongBooks = { compared: 0, wrong: 0, noticed: 0, unrecovered: 0 };
  for (let seed = from; seed < to; seed++) {
    // Another market for every hundred schedules.
    const market = tapeOf(Math.floor(seed / 100));
    runSchedule(seed, market, sum);
  }
  return sum;
}

interface Tape {
  readonly source: Pick<MarketSource, "symbols" | "opensAtMs">;
  /** The events of each step. */
  readonly steps: readonly (readonly MarketEvent[])[];
}

let lastTape: { readonly seed: number; readonly tape: Tape } | undefined;

function tapeOf(seed: number): Tape {
  if (lastTape?.seed === seed) return lastTape.tape;
  const source = seededMarkets(resolveSymbols([symbol]), { seed, opensAtMs: 0, ordersPerSecond: 80 });
  const steps: MarketEvent[][] = [];
  for (let nowMs = 0; nowMs <= faultyMs + quietMs; nowMs += stepMs) steps.push(source.advance(nowMs));
  lastTape = { seed, tape: { source, steps } };
  return lastTape.tape;
}

function runSchedule(seed: number, { source, steps }: Tape, sum: WrongBooks): void {
  const floor = new Floor(source, limits);
  /** What the server's book was after each event. */
  const checksums = new Map([[0, new LevelBook().checksum]]);
  const compare = ({ isRight, sequence, book }: Believed): void => {
    if (!isRight) return;
    sum.compared++;
    if (checksums.get(sequence) !== book.checksum) sum.wrong++;
  };
  const clients = [simpleTalk(), exchangeTalk(floor)].map((talk) => new PaperClient(floor, talk, compare));
  for (const fault of faultSchedule(seed, 1 + (seed % 5))) floor.faults.add(fault);
  for (const [index, events] of steps.entries()) {
    const nowMs = index * stepMs;
    if (nowMs === faultyMs) floor.faults.clear();
    for (const event of events) {
      floor.advance([event], event.timeMs, event.timeMs);
      const quotation = floor.quotations.get(symbol)!;
      checksums.set(quotation.sequence, quotation.book.checksum);
      for (const client of clients) client.read(event.timeMs);
    }
    floor.advance([], nowMs, nowMs);
    for (const client of clients) client.read(nowMs);
  }
  for (const client of clients) {
    sum.noticed += client.noticed;
    if (!client.isRight) sum.unrecovered++;
  }
}

/** A connection that ends in a list. */
class PaperOutlet implements Outlet {
  readonly connection: number;
  readonly bufferedBytes = 0;
  readonly said: string[] = [];
  isCut = false;
  readonly #reader = new WebSocketReader({ isMasked: false });

  constructor(connection: number) {
    this.connection = connection;
  }

  send(message: Parameters<Outlet["send"]>[0]): void {
    if (this.isCut) return;
    if (typeof message === "string") this.said.push(message);
    else
      for (const event of this.#reader.push(message.bytes))
        if (event.type === "text") this.said.push(event.payload.toString());
  }

  close(): void {
    this.isCut = true;
  }

  drop(): void {
    this.isCut = true;
  }

  note(): void {}
}

/** How long a client waits for something to come before it dials anew, in milliseconds of the market. */
const patienceMs = 1_500;

/** A book, and whether the client believes in it. */
interface Believed {
  readonly isRight: boolean;
  readonly sequence: number;
  readonly book: { readonly checksum: string };
}

/** What a client does on its connection, in one dialect. */
interface Talk {
  readonly believed: Believed;
  readonly noticed: number;
  begin(floor: Floor, outlet: PaperOutlet): { readonly end: () => void };
  heard(text: string): void;
  /** All that came was heard. */
  rest(): void;
  end(): void;
}

/** One client: it reads what came, and dials anew when it is cut off or nothing comes any more. */
class PaperClient {
  readonly #floor: Floor;
  readonly #talk: Talk;
  readonly #compare: (believed: Believed) => void;
  #outlet: PaperOutlet | undefined;
  #call: { readonly end: () => void } | undefined;
  #dialled = 0;
  #heardMs = 0;

  constructor(floor: Floor, talk: Talk, compare: (believed: Believed) => void) {
    this.#floor = floor;
    this.#talk = talk;
    this.#compare = compare;
  }

  get noticed(): number {
    return this.#talk.noticed;
  }

  get isRight(): boolean {
    return this.#talk.believed.isRight;
  }

  read(nowMs: number): void {
    const isDead = this.#outlet?.isCut === true || nowMs - this.#heardMs > patienceMs;
    if (this.#outlet !== undefined && isDead && this.#outlet.said.length === 0) this.#hangUp();
    const outlet = (this.#outlet ??= this.#dial(nowMs));
    for (let text = outlet.said.shift(); text !== undefined; text = outlet.said.shift()) {
      this.#heardMs = nowMs;
      this.#talk.heard(text);
      this.#compare(this.#talk.believed);
    }
    this.#talk.rest();
    this.#compare(this.#talk.believed);
  }

  #dial(nowMs: number): PaperOutlet {
    const outlet = new PaperOutlet(++this.#dialled);
    this.#heardMs = nowMs;
    this.#call = this.#talk.begin(this.#floor, outlet);
    return outlet;
  }

  #hangUp(): void {
    this.#call?.end();
    this.#talk.end();
    this.#outlet = undefined;
  }
}

function simpleTalk(): Talk {
  const conversation = new TickerConversation([symbol], ["book"]);
  const believed = conversation.books.get(symbol)!;
  return {
    believed,
    get noticed() {
      return conversation.trouble.lostBooks;
    },
    begin: (floor, outlet) => {
      const reader = floor.enter(outlet);
      const session = new SimpleSession(floor, reader);
      conversation.begin((text) => session.heard(text));
      return { end: () => floor.leave(reader) };
    },
    heard: (text) => void conversation.heard(text),
    rest: () => {},
    end: () => void conversation.end("the connection is gone"),
  };
}

function exchangeTalk(floor: Floor): Talk {
  const { symbol: traded } = floor.quotations.get(symbol)!;
  const believed = new DepthKeeper(traded.priceDecimals, traded.quantityDecimals);
  let noticed = 0;
  const judge = (verdict: ReturnType<DepthKeeper["hear"]>): void => {
    if (typeof verdict === "object") noticed++;
  };
  return {
    believed,
    get noticed() {
      return noticed;
    },
    begin: (at, outlet) => {
      const reader = at.enter(outlet);
      const session = new ExchangeSession(at, reader, [], false);
      session.heard(`{"method":"SUBSCRIBE","params":["btcusdt@depth@100ms"],"id":1}`);
      return { end: () => at.leave(reader) };
    },
    heard: (text) => {
      const message = JSON.parse(text) as DepthUpdate & { readonly e?: string };
      if (message.e === "depthUpdate") judge(believed.hear(message));
    },
    rest: () => {
      if (believed.isRight) return;
      const { book, sequence } = floor.quotations.get(symbol)!.seen(floor.restFaults.staleness(symbol));
      judge(believed.begin(JSON.parse(depthText(traded, book, sequence, 5_000)) as DepthSnapshot));
    },
    end: () => judge(believed.lose("the connection is gone")),
  };
}
