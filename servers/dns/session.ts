import type { Said } from "../../wire/connection.ts";
import type { Session, Voice } from "../../wire/session.ts";
import { AnswerFloor } from "./answer-floor.ts";
import { framed } from "./framing.ts";
import type { QueryLog } from "./query-log.ts";
import type { Responder } from "./responder.ts";
import type { RuleDesk } from "./rule-desk.ts";

/** What a session needs of its server. */
export interface Counter {
  readonly responder: Responder;
  readonly queries: QueryLog;
  readonly desk: RuleDesk;
}

/** The server's side of one TCP connection (RFC 7766): answers leave in the order of the queries. */
export class DnsSession implements Session<Buffer> {
  readonly #voice: Voice;
  readonly #counter: Counter;
  readonly #leaving = new AbortController();

  constructor(voice: Voice, counter: Counter) {
    this.#voice = voice;
    this.#counter = counter;
  }

  greet(): Said {
    return "";
  }

  hear(query: Buffer): Said | Promise<Said> {
    const { responder, queries, desk } = this.#counter;
    const response = responder.respond(query, "tcp");
    if (!response) return "";
    const { turn, faults } = desk.hear(query);
    const { remoteAddress, remotePort } = this.#voice;
    queries.add(response, { transport: "tcp", clientAddress: remoteAddress, clientPort: remotePort }, faults);
    if (!turn) return framed(response.bytes);
    const voice = this.#voice;
    const way = {
      send: (message: Buffer): void => voice.say(framed(message)),
      end: (): void => voice.end(),
      reset: (): void => voice.reset(),
    };
    return turn(new AnswerFloor(response.bytes, way, this.#leaving.signal)).then(() => "");
  }

  /** Nothing is said of trouble: a DNS client understands only answers. */
  failed(): Said {
    return "";
  }

  expired(): Said {
    return "";
  }

  goodbye(): Said {
    return "";
  }

  gone(): void {
    this.#leaving.abort();
    this.#counter.desk.close();
  }
}
