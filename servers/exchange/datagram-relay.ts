import { setTimeout as wait } from "node:timers/promises";
import { bufferOf, byteString, bytesOf } from "../../wire/exchange/byte-string.ts";
import { sendFromElsewhere } from "../../wire/datagrams.ts";
import { dialUdp, listenUdp, type UdpChannel } from "../../wire/exchange/channels/udp.ts";
import type { Dialogue, Message } from "../../wire/exchange/dialect.ts";
import type { ConnectionInterceptor, Floor, Passing } from "../../wire/interceptor.ts";
import type { Listener } from "../../wire/listener.ts";
import { Overtaking } from "../../wire/overtaking.ts";
import { Passage } from "../../wire/passage.ts";
import type { Speaker } from "../../wire/transcript.ts";
import type { RelayHouse, Witness } from "./relay-house.ts";

/** An address that has been silent for so long is forgotten. */
const idleMs = 30_000;
/** How long a rule waits for the answer to what it has passed on. */
const answerMs = 1_000;

/** What an interposer needs of a place to come in. */
export type Door = Pick<Listener, "host" | "port" | "authority" | "guests" | "close">;

/**
 * Stands between datagrams: every address that sends one is a connection, every datagram a message.
 * @throws WireError ADDRESS_IN_USE, CONNECT_FAILED
 */
export async function listenForDatagrams(host: string, port: number, house: RelayHouse): Promise<Door> {
  const relays = new Set<DatagramRelay>();
  const overtaking = new Overtaking();
  let connections = 0;
  const listener = await listenUdp(host, port, (channel) => {
    const forgotten = (): void => void relays.delete(relay);
    const relay = new DatagramRelay(channel, ++connections, house, overtaking, forgotten);
    relays.add(relay);
  });
  return {
    host: listener.host,
    port: listener.port,
    authority: `${host.includes(":") ? `[${host}]` : host}:${listener.port}`,
    get guests() {
      return relays.size;
    },
    close: async () => {
      for (const relay of relays) relay.close();
      await listener.close();
    },
  };
}

interface Asked {
  readonly id: string;
  readonly resolve: (reply: string) => void;
}

/** The datagrams between one address and the server. */
class DatagramRelay {
  readonly #front: UdpChannel;
  readonly #back: Promise<UdpChannel>;
  readonly #house: RelayHouse;
  readonly #connection: number;
  readonly #dialogue: Dialogue;
  readonly #watcher: ConnectionInterceptor | undefined;
  readonly #witness: Witness | undefined;
  readonly #leaving = new AbortController();
  readonly #forgotten: () => void;
  readonly #idle: NodeJS.Timeout;
  /** What rules have passed on and wait for the answers to. */
  readonly #asked: Asked[] = [];
  readonly #passages: Passages;
  readonly #overtaking: Overtaking;

  constructor(
    front: UdpChannel,
    connection: number,
    house: RelayHouse,
    overtaking: Overtaking,
    forgotten: () => void,
  ) {
    this.#front = front;
    this.#overtaking = overtaking;
    this.#house = house;
    this.#connection = connection;
    this.#forgotten = forgotten;
    this.#dialogue = house.dialect.open();
    this.#witness = house.witness?.(connection);
    this.#idle = setTimeout(() => this.close(), idleMs).unref();
    const passages = new Passages(
      (bytes) => this.#heard(bytes),
      (bytes) => front.write(bytes),
    );
    this.#passages = passages;
    this.#watcher = house.interceptor?.open({
      connection,
      remoteAddress: front.remoteHost,
      get incoming() {
        return passages.incoming;
      },
      get outgoing() {
        return passages.outgoing;
      },
      note: (event) => this.#record("*", event),
    });
    this.#back = dialUdp(house.target.host, house.target.port);
    this.#back.then(
      (back) => {
        back.hears = {
          received: (bytes) => this.#answered(bytes),
          ended: (error) => this.#record("*", error?.message ?? "closed"),
        };
      },
      (error: unknown) => this.#record("*", String(error)),
    );
    front.hears = {
      received: (bytes) => passages.hear(bytes),
      ended: () => this.close(),
    };
  }

  close(): void {
    if (this.#leaving.signal.aborted) return;
    this.#leaving.abort();
    clearTimeout(this.#idle);
    this.#watcher?.closed?.();
    for (const { resolve } of this.#asked.splice(0)) resolve("");
    this.#front.destroy();
    this.#back.then(
      (back) => back.destroy(),
      () => {},
    );
    this.#forgotten();
    this.#witness?.over();
  }

  #heard(bytes: string): void {
    this.#idle.refresh();
    for (const message of this.#dialogue.cut("C", bytes)) {
      this.#record("C", message.text);
      const intervention = this.#watcher?.heard?.(message.text);
      if (intervention) void intervention(this.#floor(message)).catch(() => {});
      else {
        this.#witness?.said("C", message);
        this.#forward(message.raw);
      }
    }
  }

  #forward(bytes: string): void {
    this.#back.then(
      (back) => back.write(bytes),
      () => {},
    );
  }

  #answered(bytes: string): void {
    const index = this.#asked.findIndex(({ id }) => id === this.#idOf(bytes));
    if (index === -1) this.#say(bytes);
    else this.#asked.splice(index, 1)[0]!.resolve(bytes);
  }

  /** What ties an answer to its question; nothing but their order does where it is not DNS (RFC 1035 section 4.1.1). */
  #idOf(bytes: string): string {
    return this.#house.dialect.name === "dns" ? bytes.slice(0, 2) : "";
  }

  #say(bytes: string): void {
    for (const message of this.#dialogue.cut("S", bytes)) {
      this.#record("S", message.text);
      this.#witness?.said("S", message);
    }
    this.#passages.say(bytes);
    this.#overtaking.left();
  }

  #floor(message: Message): Floor {
    const { signal } = this.#leaving;
    const passages = this.#passages;
    return {
      pass: async ({ instead }: Passing = {}) => {
        const bytes = instead === undefined ? message.raw : this.#dialogue.encode("C", message.kind, instead);
        const { promise, resolve } = Promise.withResolvers<string>();
        const asked: Asked = { id: this.#idOf(bytes), resolve };
        this.#asked.push(asked);
        this.#forward(bytes);
        const late = setTimeout(() => {
          this.#asked.splice(this.#asked.indexOf(asked), 1);
          resolve("");
        }, answerMs);
        const answer = await promise;
        clearTimeout(late);
        return bufferOf(answer);
      },
      say: (said) => {
        if (said.length > 0) this.#say(typeof said === "string" ? bytesOf(said) : byteString(said));
      },
      wait: (delayMs) => wait(delayMs, undefined, { signal }).catch(() => {}),
      // There is no end that a datagram could tell of.
      end: () => {},
      reset: () => {},
      datagrams: {
        overtaken: () => this.#overtaking.next(),
        sayFromElsewhere: (said) => {
          const { remotePort, remoteHost } = this.#front;
          sendFromElsewhere(Buffer.from(said), remotePort, remoteHost);
        },
      },
      gone: new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true })),
      get incoming() {
        return passages.incoming;
      },
      get outgoing() {
        return passages.outgoing;
      },
    };
  }

  #record(from: Speaker, text: string): void {
    const { recorder } = this.#house;
    recorder.record(this.#connection, from, text, performance.timeOrigin + performance.now());
  }
}

/** What the datagrams of both directions go through: nothing, until somebody asks for a passage. */
class Passages {
  readonly #heard: (bytes: string) => void;
  readonly #say: (bytes: string) => void;
  #incoming: Passage | undefined;
  #outgoing: Passage | undefined;

  constructor(heard: (bytes: string) => void, say: (bytes: string) => void) {
    this.#heard = heard;
    this.#say = say;
  }

  get incoming(): Passage {
    return (this.#incoming ??= passageTo(this.#heard));
  }

  get outgoing(): Passage {
    return (this.#outgoing ??= passageTo(this.#say));
  }

  hear(bytes: string): void {
    if (this.#incoming) this.#incoming.write(bufferOf(bytes));
    else this.#heard(bytes);
  }

  say(bytes: string): void {
    if (this.#outgoing) this.#outgoing.write(bufferOf(bytes));
    else this.#say(bytes);
  }
}

function passageTo(take: (bytes: string) => void): Passage {
  return new Passage({ write: (bytes) => take(byteString(bytes)), end: () => {}, reset: () => {} });
}
